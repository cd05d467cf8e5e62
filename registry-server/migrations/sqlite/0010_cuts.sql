-- Frozen data sets: a cut keeps the narrow facts of its moment, in the versions that they had then. Corrections do not reach it; whoever
-- is withdrawn leaves it, and so does a sender's set whose keys were lost, because nobody in it could be found any more.

CREATE TABLE cut (
    number      INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    note        TEXT,
    made_at     TEXT NOT NULL,
    treatments  INTEGER NOT NULL,
    hash        TEXT NOT NULL,
    code_lists  TEXT NOT NULL,
    thresholds  TEXT NOT NULL,
    definitions TEXT NOT NULL
) STRICT;

-- What is counts and no person's: one JSON document for each kind.
CREATE TABLE cut_part (
    cut      INTEGER NOT NULL REFERENCES cut (number),
    part     TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (cut, part)
) STRICT, WITHOUT ROWID;

-- `treatments` and `hash` are those of the moment; what left since is counted beside them.
CREATE TABLE cut_share (
    sender               TEXT NOT NULL REFERENCES sender (code),
    cut                  INTEGER NOT NULL REFERENCES cut (number),
    treatments           INTEGER NOT NULL,
    hash                 TEXT NOT NULL,
    withdrawn_persons    INTEGER NOT NULL,
    withdrawn_treatments INTEGER NOT NULL,
    replaced_treatments  INTEGER NOT NULL,
    PRIMARY KEY (sender, cut)
) STRICT, WITHOUT ROWID;

-- `subject` is the person's number then, which `cut_alias` names; `person` is one number for all that were said to be one person.
CREATE TABLE cut_treatment (
    sender            TEXT NOT NULL REFERENCES sender (code),
    cut               INTEGER NOT NULL REFERENCES cut (number),
    treatment         INTEGER NOT NULL,
    subject           INTEGER NOT NULL,
    person            INTEGER NOT NULL,
    unit              TEXT NOT NULL,
    unit_end          TEXT,
    programme         TEXT NOT NULL,
    programme_version TEXT,
    status            TEXT NOT NULL,
    end_reason        TEXT,
    started_on        TEXT NOT NULL,
    ended_on          TEXT NOT NULL,
    sex               TEXT,
    birth_year        INTEGER,
    diagnosis         TEXT,
    referred_on       TEXT,
    assessed_on       TEXT,
    modules_total     INTEGER,
    modules_completed INTEGER,
    therapist_minutes INTEGER,
    messages          INTEGER,
    sick_leave_before INTEGER,
    sick_leave_after  INTEGER,
    PRIMARY KEY (sender, cut, treatment)
) STRICT, WITHOUT ROWID;
CREATE INDEX cut_treatment_subject ON cut_treatment (sender, cut, subject);

CREATE TABLE cut_outcome (
    sender     TEXT NOT NULL REFERENCES sender (code),
    cut        INTEGER NOT NULL REFERENCES cut (number),
    treatment  INTEGER NOT NULL,
    instrument TEXT NOT NULL,
    pre        REAL,
    post       REAL,
    first      REAL,
    last       REAL,
    carried    REAL,
    PRIMARY KEY (sender, cut, treatment, instrument)
) STRICT, WITHOUT ROWID;

CREATE TABLE cut_followup (
    sender     TEXT NOT NULL REFERENCES sender (code),
    cut        INTEGER NOT NULL REFERENCES cut (number),
    treatment  INTEGER NOT NULL,
    instrument TEXT NOT NULL,
    months     INTEGER NOT NULL,
    pre        REAL,
    score      REAL NOT NULL,
    PRIMARY KEY (sender, cut, treatment, instrument, months)
) STRICT, WITHOUT ROWID;

CREATE TABLE cut_alias (
    sender  TEXT NOT NULL REFERENCES sender (code),
    s       BLOB NOT NULL,
    cut     INTEGER NOT NULL REFERENCES cut (number),
    kid     TEXT NOT NULL,
    subject INTEGER NOT NULL,
    PRIMARY KEY (sender, s, cut, kid)
) STRICT, WITHOUT ROWID;
CREATE INDEX cut_alias_subject ON cut_alias (sender, cut, subject);
