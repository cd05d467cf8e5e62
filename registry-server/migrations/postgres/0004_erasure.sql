-- Leaving the register: what keeps the withdrawn out, what was erased and answered, cases that staff opened, and who asked for extracts.
-- A tombstone is a hash under a key that only the register has, and carries nothing of a person.

ALTER TABLE treatment ADD COLUMN first_received TEXT COLLATE "C";
-- The tombstone hash of the person whose treatment was taken back, so that the key goes when the person does.
ALTER TABLE retraction ADD COLUMN person BYTEA;

-- A person who is refused. `stands_for` is the hash under which the sender withdrew the person: this one, or that of another of the
-- person's names.
CREATE TABLE person_tombstone (
    sender       TEXT COLLATE "C" NOT NULL,
    hash         BYTEA NOT NULL,
    stands_for   BYTEA NOT NULL,
    withdrawn_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sender, hash)
) PARTITION BY LIST (sender);

-- A record that was erased: this version of it and every earlier one are refused.
CREATE TABLE record_tombstone (
    sender     TEXT COLLATE "C" NOT NULL,
    hash       BYTEA NOT NULL,
    generation BIGINT NOT NULL,
    counter    BIGINT NOT NULL,
    erased_at  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sender, hash)
) PARTITION BY LIST (sender);

-- `digest` names the request; salts in it keep anybody from guessing the persons. Nothing in `cleaned_at`: bytes of the erased may still
-- lie where the database no longer reads.
CREATE TABLE erasure (
    sender      TEXT COLLATE "C" NOT NULL,
    number      BIGINT NOT NULL,
    digest      TEXT COLLATE "C" NOT NULL,
    state_id    TEXT COLLATE "C" NOT NULL,
    received_at TEXT COLLATE "C" NOT NULL,
    case_number BIGINT,
    persons     BIGINT NOT NULL,
    found       BIGINT NOT NULL,
    treatments  BIGINT NOT NULL,
    receipt     BYTEA NOT NULL,
    cleaned_at  TEXT COLLATE "C",
    PRIMARY KEY (sender, number)
) PARTITION BY LIST (sender);
CREATE INDEX erasure_digest ON erasure (sender, digest);

-- The register's own: it asks all senders.
CREATE TABLE case_file (
    number    BIGINT PRIMARY KEY,
    opened_on TEXT COLLATE "C" NOT NULL,
    deadline  TEXT COLLATE "C" NOT NULL,
    note      TEXT COLLATE "C",
    closed_on TEXT COLLATE "C"
);

CREATE TABLE case_answer (
    sender      TEXT COLLATE "C" NOT NULL,
    number      BIGINT NOT NULL,
    answer      TEXT COLLATE "C" NOT NULL CHECK (answer IN ('none_found', 'withdrawn')),
    answered_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sender, number)
) PARTITION BY LIST (sender);

CREATE TABLE disclosure_log (
    sender       TEXT COLLATE "C" NOT NULL,
    number       BIGINT NOT NULL,
    disclosed_at TEXT COLLATE "C" NOT NULL,
    persons      BIGINT NOT NULL,
    found        BIGINT NOT NULL,
    documents    BIGINT NOT NULL,
    PRIMARY KEY (sender, number)
) PARTITION BY LIST (sender);

SELECT make_partitions(code) FROM sender;
