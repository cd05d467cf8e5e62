-- Who said no, for good: no state directory, no new host and no other person key may lose it. Never an identity, never a pseudonym.

-- The fingerprint of the objection key, and how many withdrawn persons somebody has answered for that are not remembered here.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The register's signed erasure receipts, byte for byte.
CREATE TABLE receipt (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at TEXT NOT NULL,
    case_number INTEGER,
    bytes       BLOB NOT NULL
) STRICT;

-- hash is the person under the objection key. sealed holds the pseudonym's 32 bytes, of the person key kid, under a seal that only the
-- objection key opens, until the register cannot hold anything of the person any more, not even in a backup. asked is 1 where somebody
-- asked for the withdrawal, tried is 1 once the register may have heard of it. salt is that of the newest request.
CREATE TABLE objection (
    hash          BLOB PRIMARY KEY,
    registered_at TEXT NOT NULL,
    origin        TEXT NOT NULL CHECK (origin IN ('source', 'query', 'file', 'stdin')),
    reason        TEXT NOT NULL CHECK (reason IN ('objection', 'protected')),
    asked         INTEGER NOT NULL DEFAULT 0,
    tried         INTEGER NOT NULL DEFAULT 0,
    case_number   INTEGER,
    kid           TEXT NOT NULL,
    sealed        BLOB,
    salt          BLOB NOT NULL,
    erased_at     TEXT,
    receipt       INTEGER REFERENCES receipt (id)
) STRICT, WITHOUT ROWID;

-- What somebody did with the list or asked of the register: the account, the account behind sudo, what, and of how many persons.
CREATE TABLE act (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      TEXT NOT NULL,
    account TEXT NOT NULL,
    behind  TEXT,
    name    TEXT,
    what    TEXT NOT NULL,
    persons INTEGER NOT NULL
) STRICT;
