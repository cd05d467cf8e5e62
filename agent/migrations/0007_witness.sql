-- What this agent keeps as a witness of the register's audit log: the newest checkpoint, and the leaf of the newest receipt whose event
-- the log has not been asked for yet.
CREATE TABLE witness (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    size       INTEGER NOT NULL,
    checkpoint TEXT,
    leaf       TEXT,
    leaf_at    TEXT
) STRICT;

-- What was found wrong with the log: the checkpoint that was kept, and what did not fit it; both under the register's signature, so that
-- anybody can see it. A finding is never deleted; somebody accepts it under a name.
CREATE TABLE witness_finding (
    id          INTEGER PRIMARY KEY,
    found_at    TEXT NOT NULL,
    sort        TEXT NOT NULL CHECK (sort IN ('shorter', 'other', 'restored', 'unsigned', 'missing')),
    kept        TEXT NOT NULL,
    shown       TEXT NOT NULL,
    leaf        TEXT NOT NULL,
    accepted_at TEXT,
    accepted_by TEXT
) STRICT;
