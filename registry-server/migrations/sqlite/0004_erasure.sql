-- Leaving the register: what keeps the withdrawn out, what was erased and answered, cases that staff opened, and who asked for extracts.
-- A tombstone is a hash under a key that only the register has, and carries nothing of a person.

ALTER TABLE treatment ADD COLUMN first_received TEXT;
-- The tombstone hash of the person whose treatment was taken back, so that the key goes when the person does.
ALTER TABLE retraction ADD COLUMN person BLOB;

-- A person who is refused. `stands_for` is the hash under which the sender withdrew the person: this one, or that of another of the
-- person's names.
CREATE TABLE person_tombstone (
    sender       TEXT NOT NULL REFERENCES sender (code),
    hash         BLOB NOT NULL,
    stands_for   BLOB NOT NULL,
    withdrawn_at TEXT NOT NULL,
    PRIMARY KEY (sender, hash)
) STRICT, WITHOUT ROWID;

-- A record that was erased: this version of it and every earlier one are refused.
CREATE TABLE record_tombstone (
    sender     TEXT NOT NULL REFERENCES sender (code),
    hash       BLOB NOT NULL,
    generation INTEGER NOT NULL,
    counter    INTEGER NOT NULL,
    erased_at  TEXT NOT NULL,
    PRIMARY KEY (sender, hash)
) STRICT, WITHOUT ROWID;

-- `digest` names the request; salts in it keep anybody from guessing the persons. Nothing in `cleaned_at`: bytes of the erased may still
-- lie where the database no longer reads.
CREATE TABLE erasure (
    sender      TEXT NOT NULL REFERENCES sender (code),
    number      INTEGER NOT NULL,
    digest      TEXT NOT NULL,
    state_id    TEXT NOT NULL,
    received_at TEXT NOT NULL,
    case_number INTEGER,
    persons     INTEGER NOT NULL,
    found       INTEGER NOT NULL,
    treatments  INTEGER NOT NULL,
    receipt     BLOB NOT NULL,
    cleaned_at  TEXT,
    PRIMARY KEY (sender, number)
) STRICT;
CREATE INDEX erasure_digest ON erasure (sender, digest);

CREATE TABLE case_file (
    number    INTEGER PRIMARY KEY,
    opened_on TEXT NOT NULL,
    deadline  TEXT NOT NULL,
    note      TEXT,
    closed_on TEXT
) STRICT;

CREATE TABLE case_answer (
    sender      TEXT NOT NULL REFERENCES sender (code),
    number      INTEGER NOT NULL REFERENCES case_file (number),
    answer      TEXT NOT NULL CHECK (answer IN ('none_found', 'withdrawn')),
    answered_at TEXT NOT NULL,
    PRIMARY KEY (sender, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE disclosure_log (
    sender       TEXT NOT NULL REFERENCES sender (code),
    number       INTEGER NOT NULL,
    disclosed_at TEXT NOT NULL,
    persons      INTEGER NOT NULL,
    found        INTEGER NOT NULL,
    documents    INTEGER NOT NULL,
    PRIMARY KEY (sender, number)
) STRICT, WITHOUT ROWID;
