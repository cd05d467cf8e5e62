-- What waits until a person releases it, what was released and by whom, and which fields may leave.

-- 1: nothing of the batch leaves before somebody has released its cycle.
ALTER TABLE batch ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;

-- Why a cycle's batches wait: a JSON list, and the hash of the words' meanings under which they were queued.
CREATE TABLE candidate (
    cycle   INTEGER PRIMARY KEY,
    because TEXT NOT NULL,
    mapping TEXT NOT NULL
) STRICT;

-- What somebody has released before; kind: field, unit, programme, mapping.
CREATE TABLE released (kind TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (kind, word)) STRICT, WITHOUT ROWID;

-- Fields that may leave, by kind of record: those of the version that ran first, and what somebody approved since.
CREATE TABLE approved_field (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- Who released what; account is the operating system's, behind the one that sudo was called from. Of fields only the time and who, and
-- their names in words.
CREATE TABLE release_log (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    at             TEXT NOT NULL,
    account        TEXT NOT NULL,
    behind         TEXT,
    what           TEXT NOT NULL CHECK (what IN ('candidate', 'fields')),
    cycle          INTEGER,
    payload_sha256 TEXT,
    treatments     INTEGER NOT NULL,
    retractions    INTEGER NOT NULL,
    units          INTEGER NOT NULL,
    words          TEXT NOT NULL
) STRICT;
