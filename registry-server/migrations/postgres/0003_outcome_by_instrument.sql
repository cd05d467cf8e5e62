-- One narrow row for a treatment and instrument instead of one for each comparison, and one for each follow-up.
-- The old table goes before the new one comes, because partitions are named after their table.

CREATE TABLE outcome_before AS SELECT * FROM outcome;
DROP TABLE outcome;

CREATE TABLE outcome (
    sender     TEXT COLLATE "C" NOT NULL,
    treatment  BIGINT NOT NULL,
    instrument TEXT COLLATE "C" NOT NULL,
    pre        DOUBLE PRECISION,
    post       DOUBLE PRECISION,
    first      DOUBLE PRECISION,
    last       DOUBLE PRECISION,
    carried    DOUBLE PRECISION,
    PRIMARY KEY (sender, treatment, instrument)
) PARTITION BY LIST (sender);

CREATE TABLE followup (
    sender     TEXT COLLATE "C" NOT NULL,
    treatment  BIGINT NOT NULL,
    instrument TEXT COLLATE "C" NOT NULL,
    months     SMALLINT NOT NULL,
    pre        DOUBLE PRECISION,
    score      DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (sender, treatment, instrument, months)
) PARTITION BY LIST (sender);

SELECT make_partitions(code) FROM sender;

INSERT INTO outcome (sender, treatment, instrument, pre, post, first, last, carried)
SELECT sender, treatment, instrument,
    MAX(first) FILTER (WHERE comparison IN ('paired', 'locf')), MAX(second) FILTER (WHERE comparison = 'paired'),
    MAX(first) FILTER (WHERE comparison = 'first_last'), MAX(second) FILTER (WHERE comparison = 'first_last'),
    MAX(second) FILTER (WHERE comparison = 'locf')
FROM outcome_before WHERE comparison NOT LIKE 'followup-%' GROUP BY sender, treatment, instrument;

INSERT INTO followup (sender, treatment, instrument, months, pre, score)
SELECT sender, treatment, instrument, SUBSTR(comparison, 10, LENGTH(comparison) - 10)::SMALLINT, first, second
FROM outcome_before WHERE comparison LIKE 'followup-%';

DROP TABLE outcome_before;
