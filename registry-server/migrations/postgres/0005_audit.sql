-- The audit log: salted commitments to events, in one order for the whole register, and the checkpoints signed over them. No event holds
-- a record key or a pseudonym. One log has one order, so its tables belong to no sender and have no partitions.

-- Written in the transaction of what happened; the sequencer gives each its place in the log.
CREATE TABLE audit_pending (
    leaf  BYTEA NOT NULL PRIMARY KEY,
    event TEXT COLLATE "C" NOT NULL,
    salt  BYTEA NOT NULL
);

CREATE TABLE audit_leaf (
    position BIGINT NOT NULL PRIMARY KEY,
    leaf     BYTEA NOT NULL UNIQUE,
    event    TEXT COLLATE "C" NOT NULL,
    salt     BYTEA NOT NULL
);

-- `peaks` are the roots of the whole subtrees that `size` leaves make up, the largest first.
CREATE TABLE audit_checkpoint (
    size   BIGINT NOT NULL PRIMARY KEY,
    signed TEXT COLLATE "C" NOT NULL,
    peaks  BYTEA NOT NULL
);
