-- One narrow row for a treatment and instrument instead of one for each comparison, and one for each follow-up.

CREATE TABLE outcome_by_instrument (
    treatment  INTEGER NOT NULL REFERENCES treatment (id) ON DELETE CASCADE,
    instrument TEXT NOT NULL,
    pre        REAL,
    post       REAL,
    first      REAL,
    last       REAL,
    carried    REAL,
    PRIMARY KEY (treatment, instrument)
) STRICT, WITHOUT ROWID;

CREATE TABLE followup (
    treatment  INTEGER NOT NULL REFERENCES treatment (id) ON DELETE CASCADE,
    instrument TEXT NOT NULL,
    months     INTEGER NOT NULL,
    pre        REAL,
    score      REAL NOT NULL,
    PRIMARY KEY (treatment, instrument, months)
) STRICT, WITHOUT ROWID;

INSERT INTO outcome_by_instrument (treatment, instrument, pre, post, first, last, carried)
SELECT treatment, instrument,
    MAX(first) FILTER (WHERE comparison IN ('paired', 'locf')), MAX(second) FILTER (WHERE comparison = 'paired'),
    MAX(first) FILTER (WHERE comparison = 'first_last'), MAX(second) FILTER (WHERE comparison = 'first_last'),
    MAX(second) FILTER (WHERE comparison = 'locf')
FROM outcome WHERE comparison NOT LIKE 'followup-%' GROUP BY treatment, instrument;

INSERT INTO followup (treatment, instrument, months, pre, score)
SELECT treatment, instrument, CAST(SUBSTR(comparison, 10, LENGTH(comparison) - 10) AS INTEGER), first, second
FROM outcome WHERE comparison LIKE 'followup-%';

DROP TABLE outcome;
ALTER TABLE outcome_by_instrument RENAME TO outcome;
