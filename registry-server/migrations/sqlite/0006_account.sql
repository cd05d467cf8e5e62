-- Accounting lines by unit and programme with their reasons, what the register itself did with a batch, which versions were replaced and
-- when, and which persons are one.

ALTER TABLE run ADD COLUMN cycle INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN reading TEXT NOT NULL DEFAULT 'full';
ALTER TABLE run ADD COLUMN unit TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE run ADD COLUMN programme TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE run ADD COLUMN reasons TEXT NOT NULL DEFAULT '[]';

-- A version of a treatment that a later one replaced or took back. No content, no key and no person: the internal id is never given to
-- another treatment.
CREATE TABLE history (
    sender      TEXT NOT NULL REFERENCES sender (code),
    treatment   INTEGER NOT NULL,
    generation  INTEGER NOT NULL,
    counter     INTEGER NOT NULL,
    replaced_at TEXT NOT NULL,
    batch       TEXT NOT NULL,
    line        INTEGER NOT NULL,
    PRIMARY KEY (sender, treatment, generation, counter)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_treatment ON history (treatment);

-- What was said last of two names of persons: that they are one, or that they are not. `one` is the smaller.
CREATE TABLE subject_pair (
    sender       TEXT NOT NULL REFERENCES sender (code),
    kid          TEXT NOT NULL,
    one          BLOB NOT NULL,
    other        BLOB NOT NULL,
    generation   INTEGER NOT NULL,
    counter      INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    says         TEXT NOT NULL CHECK (says IN ('merge', 'split')),
    PRIMARY KEY (sender, kid, one, other)
) STRICT, WITHOUT ROWID;

-- The cycle that a batch was built in, and what it did: lines of treatments that were not refused, treatments that are here since and
-- that are gone since. Batches of before do not tell.
ALTER TABLE batch ADD COLUMN generation INTEGER;
ALTER TABLE batch ADD COLUMN cycle INTEGER;
ALTER TABLE batch ADD COLUMN accepted INTEGER;
ALTER TABLE batch ADD COLUMN added INTEGER;
ALTER TABLE batch ADD COLUMN removed INTEGER;

-- When the sender compared last what both ends hold, and whether it was the same. drift is what the register held then beyond what its
-- receipts and erasures came to, because rows had come or gone behind its back and were mended.
ALTER TABLE sender ADD COLUMN compared_at TEXT;
ALTER TABLE sender ADD COLUMN compared TEXT;
ALTER TABLE sender ADD COLUMN drift INTEGER;
