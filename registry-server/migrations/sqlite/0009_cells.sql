-- Counts from which outcomes are summed without reading treatments: a cache, made anew from the narrow rows for every month that is marked.
-- In `cell_mark`, month '*' holds how often the sender's figures changed, '' marks everything of the sender, and `change` is the change
-- that marked. A sender without a row '*' has no cells yet.

CREATE TABLE cell_mark (
    sender TEXT NOT NULL REFERENCES sender (code),
    month  TEXT NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (sender, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE cell_group (
    sender     TEXT NOT NULL REFERENCES sender (code),
    month      TEXT NOT NULL,
    dated      TEXT NOT NULL,
    counts_for TEXT NOT NULL,
    region     TEXT NOT NULL,
    programme  TEXT NOT NULL,
    treatments INTEGER NOT NULL,
    completed  INTEGER NOT NULL,
    first_on   TEXT NOT NULL,
    last_on    TEXT NOT NULL,
    PRIMARY KEY (sender, month, dated, counts_for, region, programme)
) STRICT, WITHOUT ROWID;

CREATE TABLE cell (
    sender     TEXT NOT NULL REFERENCES sender (code),
    month      TEXT NOT NULL,
    dated      TEXT NOT NULL,
    counts_for TEXT NOT NULL,
    region     TEXT NOT NULL,
    programme  TEXT NOT NULL,
    instrument TEXT NOT NULL,
    comparison TEXT NOT NULL,
    firsts     INTEGER NOT NULL,
    seconds    INTEGER NOT NULL,
    pairs      BLOB NOT NULL,
    PRIMARY KEY (sender, month, dated, counts_for, region, programme, instrument, comparison)
) STRICT, WITHOUT ROWID;
