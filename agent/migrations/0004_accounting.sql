-- The accounting line (found = accepted + unchanged + rejected + held + excluded + pending), each term from a table of its own, and
-- rows that vanished from a source.

-- What lines are counted by; `unknown` where a part cannot be read. month is that of ended_on, YYYY-MM.
CREATE TABLE cell (
    id        INTEGER PRIMARY KEY,
    unit      TEXT NOT NULL,
    programme TEXT NOT NULL,
    month     TEXT NOT NULL,
    UNIQUE (unit, programme, month)
) STRICT;

-- Every treatment id of the sources as its newest reading found it, by the last part of its record key. person is the pseudonym's 32
-- bytes, NULL where the person cannot be read. answers counts distinct answers, held ones too. treatment is 0 for answers of no treatment.
CREATE TABLE found (
    key       TEXT PRIMARY KEY,
    source    TEXT NOT NULL,
    local_id  TEXT NOT NULL,
    person    BLOB,
    cell      INTEGER NOT NULL,
    answers   INTEGER NOT NULL,
    treatment INTEGER NOT NULL,
    cycle     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE excluded (
    key     TEXT PRIMARY KEY,
    source  TEXT NOT NULL,
    rule    TEXT NOT NULL,
    cell    INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    cycle   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- item numbers the held answers of one key; answers is what a held treatment keeps back with it.
ALTER TABLE held ADD COLUMN cell INTEGER;
ALTER TABLE held ADD COLUMN item INTEGER NOT NULL DEFAULT 0;
ALTER TABLE held ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;

-- queued_in is the cycle of the newest queued version, seen the cycle that read the treatment last as one to be sent. content_hash is
-- the register's hash of the newest queued content; accepted_generation and accepted_hash go with accepted.
ALTER TABLE record ADD COLUMN cell INTEGER;
ALTER TABLE record ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN queued_in INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN content_hash BLOB;
ALTER TABLE record ADD COLUMN accepted_generation INTEGER;
ALTER TABLE record ADD COLUMN accepted_hash BLOB;

-- Treatments at the register that their source has no more, until they are taken back, come back or are kept for good.
CREATE TABLE vanished (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    key       TEXT NOT NULL UNIQUE,
    source    TEXT NOT NULL,
    local_id  TEXT NOT NULL,
    unit      TEXT NOT NULL,
    programme TEXT NOT NULL,
    month     TEXT NOT NULL,
    since     TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('waiting', 'retract', 'keep'))
) STRICT;

-- The tables and columns above are filled by a reading of everything.
DELETE FROM cursor;
INSERT INTO meta (name, value) SELECT 'lacks_cells', 'yes' WHERE EXISTS (SELECT 1 FROM record);
