-- The audit log: salted commitments to events, in one order for the whole register, and the checkpoints signed over them. No event holds
-- a record key or a pseudonym.

-- Written in the transaction of what happened; the sequencer gives each its place in the log.
CREATE TABLE audit_pending (
    leaf  BLOB NOT NULL PRIMARY KEY,
    event TEXT NOT NULL,
    salt  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_leaf (
    position INTEGER PRIMARY KEY,
    leaf     BLOB NOT NULL UNIQUE,
    event    TEXT NOT NULL,
    salt     BLOB NOT NULL
) STRICT;

-- `peaks` are the roots of the whole subtrees that `size` leaves make up, the largest first.
CREATE TABLE audit_checkpoint (
    size   INTEGER PRIMARY KEY,
    signed TEXT NOT NULL,
    peaks  BLOB NOT NULL
) STRICT;
