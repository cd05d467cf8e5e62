-- Who took an objection back, until no backup of the register holds the person as withdrawn any more: a register that was put back to
-- such a one is told again. sealed is as in objection.
CREATE TABLE lifted (
    hash      BLOB PRIMARY KEY,
    kid       TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    lifted_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
