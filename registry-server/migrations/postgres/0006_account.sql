-- Accounting lines by unit and programme with their reasons, what the register itself did with a batch, which versions were replaced and
-- when, and which persons are one.

ALTER TABLE run ADD COLUMN cycle BIGINT NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN reading TEXT COLLATE "C" NOT NULL DEFAULT 'full';
ALTER TABLE run ADD COLUMN unit TEXT COLLATE "C" NOT NULL DEFAULT 'unknown';
ALTER TABLE run ADD COLUMN programme TEXT COLLATE "C" NOT NULL DEFAULT 'unknown';
ALTER TABLE run ADD COLUMN reasons TEXT COLLATE "C" NOT NULL DEFAULT '[]';

-- A version of a treatment that a later one replaced or took back. No content, no key and no person: the internal id is never given to
-- another treatment.
CREATE TABLE history (
    sender      TEXT COLLATE "C" NOT NULL,
    treatment   BIGINT NOT NULL,
    generation  BIGINT NOT NULL,
    counter     BIGINT NOT NULL,
    replaced_at TEXT COLLATE "C" NOT NULL,
    batch       TEXT COLLATE "C" NOT NULL,
    line        BIGINT NOT NULL,
    PRIMARY KEY (sender, treatment, generation, counter)
) PARTITION BY LIST (sender);

-- What was said last of two names of persons: that they are one, or that they are not. `one` is the smaller.
CREATE TABLE subject_pair (
    sender       TEXT COLLATE "C" NOT NULL,
    kid          TEXT COLLATE "C" NOT NULL,
    one          BYTEA NOT NULL,
    other        BYTEA NOT NULL,
    generation   BIGINT NOT NULL,
    counter      BIGINT NOT NULL,
    content_hash BYTEA NOT NULL,
    says         TEXT COLLATE "C" NOT NULL CHECK (says IN ('merge', 'split')),
    PRIMARY KEY (sender, kid, one, other)
) PARTITION BY LIST (sender);

-- The cycle that a batch was built in, and what it did: lines of treatments that were not refused, treatments that are here since and
-- that are gone since. Batches of before do not tell.
ALTER TABLE batch ADD COLUMN generation BIGINT;
ALTER TABLE batch ADD COLUMN cycle BIGINT;
ALTER TABLE batch ADD COLUMN accepted BIGINT;
ALTER TABLE batch ADD COLUMN added BIGINT;
ALTER TABLE batch ADD COLUMN removed BIGINT;

-- When the sender compared last what both ends hold, and whether it was the same. drift is what the register held then beyond what its
-- receipts and erasures came to, because rows had come or gone behind its back and were mended.
ALTER TABLE sender ADD COLUMN compared_at TEXT COLLATE "C";
ALTER TABLE sender ADD COLUMN compared TEXT COLLATE "C";
ALTER TABLE sender ADD COLUMN drift BIGINT;

SELECT make_partitions(code) FROM sender;
