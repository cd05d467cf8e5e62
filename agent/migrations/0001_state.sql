-- The agent's state: what was queued, what the register answered, and what stays in the region. Never an identity.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Where the next increment of a source begins, microseconds of the source's own newest updated_at.
CREATE TABLE cursor (source TEXT PRIMARY KEY, updated_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE cycle (
    id             INTEGER PRIMARY KEY,
    started_at     TEXT NOT NULL,
    finished_at    TEXT,
    reading        TEXT NOT NULL,
    payload_sha256 TEXT NOT NULL,
    kid            TEXT NOT NULL,
    environment    TEXT NOT NULL,
    rules          TEXT NOT NULL,
    codelists      TEXT NOT NULL,
    agent          TEXT NOT NULL
) STRICT;

-- What one cycle found, by term and rule; term: found, queued, retracted, unchanged, held, excluded, answer-held, warning, objector-sent.
CREATE TABLE cycle_count (
    cycle INTEGER NOT NULL REFERENCES cycle (id),
    term  TEXT NOT NULL,
    rule  TEXT NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (cycle, term, rule)
) STRICT, WITHOUT ROWID;

-- What is queued or delivered; lines is one zstd frame with a checksum, without the manifest.
CREATE TABLE batch (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    cycle        INTEGER NOT NULL REFERENCES cycle (id),
    records      INTEGER NOT NULL,
    lines        BLOB NOT NULL,
    digest       TEXT,
    queued_at    TEXT NOT NULL,
    delivered_at TEXT,
    receipt      BLOB
) STRICT;
CREATE INDEX batch_queued ON batch (id) WHERE delivered_at IS NULL;

CREATE TABLE batch_line (
    batch   INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
    line    INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    key     TEXT NOT NULL,
    counter INTEGER NOT NULL,
    PRIMARY KEY (batch, line)
) STRICT, WITHOUT ROWID;

-- The newest queued version of each record. accepted and accepted_kind tell the newest version that
-- a receipt closed, 0 and empty when none did.
CREATE TABLE record (
    key         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    counter     INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,
    accepted    INTEGER NOT NULL DEFAULT 0,
    accepted_kind TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'closed', 'rejected')),
    rule        TEXT,
    PRIMARY KEY (key)
) STRICT, WITHOUT ROWID;

-- Rows that stay, as the newest reading of each treatment found them.
CREATE TABLE held (
    scope    TEXT NOT NULL CHECK (scope IN ('treatment', 'answer', 'unit')),
    key      TEXT NOT NULL,
    source   TEXT NOT NULL,
    local_id TEXT NOT NULL,
    rule     TEXT NOT NULL,
    field    TEXT NOT NULL,
    cycle    INTEGER NOT NULL REFERENCES cycle (id)
) STRICT;
CREATE INDEX held_key ON held (key);
