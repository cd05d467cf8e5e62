-- Frozen data sets: a cut keeps the narrow facts of its moment, in the versions that they had then. Corrections do not reach it; whoever
-- is withdrawn leaves it, and so does a sender's set whose keys were lost, because nobody in it could be found any more.

CREATE TABLE cut (
    number      BIGINT NOT NULL PRIMARY KEY,
    name        TEXT COLLATE "C" NOT NULL UNIQUE,
    note        TEXT COLLATE "C",
    made_at     TEXT COLLATE "C" NOT NULL,
    treatments  BIGINT NOT NULL,
    hash        TEXT COLLATE "C" NOT NULL,
    code_lists  TEXT COLLATE "C" NOT NULL,
    thresholds  TEXT COLLATE "C" NOT NULL,
    definitions TEXT COLLATE "C" NOT NULL
);

-- What is counts and no person's: one JSON document for each kind.
CREATE TABLE cut_part (
    cut      BIGINT NOT NULL,
    part     TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (cut, part)
);

-- `treatments` and `hash` are those of the moment; what left since is counted beside them.
CREATE TABLE cut_share (
    sender               TEXT COLLATE "C" NOT NULL,
    cut                  BIGINT NOT NULL,
    treatments           BIGINT NOT NULL,
    hash                 TEXT COLLATE "C" NOT NULL,
    withdrawn_persons    BIGINT NOT NULL,
    withdrawn_treatments BIGINT NOT NULL,
    replaced_treatments  BIGINT NOT NULL,
    PRIMARY KEY (sender, cut)
) PARTITION BY LIST (sender);

-- `subject` is the person's number then, which `cut_alias` names; `person` is one number for all that were said to be one person.
CREATE TABLE cut_treatment (
    sender            TEXT COLLATE "C" NOT NULL,
    cut               BIGINT NOT NULL,
    treatment         BIGINT NOT NULL,
    subject           BIGINT NOT NULL,
    person            BIGINT NOT NULL,
    unit              TEXT COLLATE "C" NOT NULL,
    unit_end          TEXT COLLATE "C",
    programme         TEXT COLLATE "C" NOT NULL,
    programme_version TEXT COLLATE "C",
    status            TEXT COLLATE "C" NOT NULL,
    end_reason        TEXT COLLATE "C",
    started_on        TEXT COLLATE "C" NOT NULL,
    ended_on          TEXT COLLATE "C" NOT NULL,
    sex               TEXT COLLATE "C",
    birth_year        SMALLINT,
    diagnosis         TEXT COLLATE "C",
    referred_on       TEXT COLLATE "C",
    assessed_on       TEXT COLLATE "C",
    modules_total     BIGINT,
    modules_completed BIGINT,
    therapist_minutes BIGINT,
    messages          BIGINT,
    sick_leave_before BIGINT,
    sick_leave_after  BIGINT,
    PRIMARY KEY (sender, cut, treatment)
) PARTITION BY LIST (sender);
CREATE INDEX cut_treatment_subject ON cut_treatment (sender, cut, subject);

CREATE TABLE cut_outcome (
    sender     TEXT COLLATE "C" NOT NULL,
    cut        BIGINT NOT NULL,
    treatment  BIGINT NOT NULL,
    instrument TEXT COLLATE "C" NOT NULL,
    pre        DOUBLE PRECISION,
    post       DOUBLE PRECISION,
    first      DOUBLE PRECISION,
    last       DOUBLE PRECISION,
    carried    DOUBLE PRECISION,
    PRIMARY KEY (sender, cut, treatment, instrument)
) PARTITION BY LIST (sender);

CREATE TABLE cut_followup (
    sender     TEXT COLLATE "C" NOT NULL,
    cut        BIGINT NOT NULL,
    treatment  BIGINT NOT NULL,
    instrument TEXT COLLATE "C" NOT NULL,
    months     SMALLINT NOT NULL,
    pre        DOUBLE PRECISION,
    score      DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (sender, cut, treatment, instrument, months)
) PARTITION BY LIST (sender);

CREATE TABLE cut_alias (
    sender  TEXT COLLATE "C" NOT NULL,
    s       BYTEA NOT NULL,
    cut     BIGINT NOT NULL,
    kid     TEXT COLLATE "C" NOT NULL,
    subject BIGINT NOT NULL,
    PRIMARY KEY (sender, s, cut, kid)
) PARTITION BY LIST (sender);
CREATE INDEX cut_alias_subject ON cut_alias (sender, cut, subject);

SELECT make_partitions(code) FROM sender;
