-- Two numbers that somebody said are one person's, or are not after all: what the pseudonyms hold, the hashes under the objection key, so
-- that who leaves under one number leaves under the other too, and the key of the record that tells the register.
CREATE TABLE person_pair (
    old      BLOB NOT NULL,
    new      BLOB NOT NULL,
    old_hash BLOB NOT NULL,
    new_hash BLOB NOT NULL,
    says     TEXT NOT NULL CHECK (says IN ('merge', 'split')),
    key      TEXT NOT NULL UNIQUE,
    PRIMARY KEY (old, new)
) STRICT, WITHOUT ROWID;
