-- Counts from which outcomes are summed without reading treatments: a cache, made anew from the narrow rows for every month that is marked.
-- In `cell_mark`, month '*' holds how often the sender's figures changed, '' marks everything of the sender, and `change` is the change
-- that marked. A sender without a row '*' has no cells yet.

CREATE TABLE cell_mark (
    sender TEXT COLLATE "C" NOT NULL,
    month  TEXT COLLATE "C" NOT NULL,
    change BIGINT NOT NULL,
    PRIMARY KEY (sender, month)
) PARTITION BY LIST (sender);

CREATE TABLE cell_group (
    sender     TEXT COLLATE "C" NOT NULL,
    month      TEXT COLLATE "C" NOT NULL,
    dated      TEXT COLLATE "C" NOT NULL,
    counts_for TEXT COLLATE "C" NOT NULL,
    region     TEXT COLLATE "C" NOT NULL,
    programme  TEXT COLLATE "C" NOT NULL,
    treatments BIGINT NOT NULL,
    completed  BIGINT NOT NULL,
    first_on   TEXT COLLATE "C" NOT NULL,
    last_on    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sender, month, dated, counts_for, region, programme)
) PARTITION BY LIST (sender);

CREATE TABLE cell (
    sender     TEXT COLLATE "C" NOT NULL,
    month      TEXT COLLATE "C" NOT NULL,
    dated      TEXT COLLATE "C" NOT NULL,
    counts_for TEXT COLLATE "C" NOT NULL,
    region     TEXT COLLATE "C" NOT NULL,
    programme  TEXT COLLATE "C" NOT NULL,
    instrument TEXT COLLATE "C" NOT NULL,
    comparison TEXT COLLATE "C" NOT NULL,
    firsts     BIGINT NOT NULL,
    seconds    BIGINT NOT NULL,
    pairs      BYTEA NOT NULL,
    PRIMARY KEY (sender, month, dated, counts_for, region, programme, instrument, comparison)
) PARTITION BY LIST (sender);

SELECT make_partitions(code) FROM sender;
