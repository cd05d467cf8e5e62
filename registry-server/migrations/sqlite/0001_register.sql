-- The register of issue 2: senders, what they delivered, and what is derived from it.
-- Times are RFC 3339 UTC text, dates YYYY-MM-DD. What a sender delivers leads its key with the sender; a person (subject) has an internal
-- id and is found by its alias, whose key id names the sender.

CREATE TABLE sender (
    code        TEXT NOT NULL PRIMARY KEY,
    status      TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'revoked')),
    enrolled_at TEXT NOT NULL,
    changed_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sender_key (
    sender        TEXT NOT NULL REFERENCES sender (code),
    kid           TEXT NOT NULL,
    status        TEXT NOT NULL CHECK (status IN ('active', 'retired')),
    registered_at TEXT NOT NULL,
    PRIMARY KEY (sender, kid)
) STRICT, WITHOUT ROWID;

CREATE TABLE generation (
    sender     TEXT NOT NULL REFERENCES sender (code),
    state_id   TEXT NOT NULL,
    generation INTEGER NOT NULL,
    issued_at  TEXT NOT NULL,
    PRIMARY KEY (sender, state_id),
    UNIQUE (sender, generation)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
    sender      TEXT NOT NULL REFERENCES sender (code),
    digest      TEXT NOT NULL,
    received_at TEXT NOT NULL,
    records     INTEGER NOT NULL,
    receipt     BLOB NOT NULL,
    PRIMARY KEY (sender, digest)
) STRICT;

CREATE TABLE subject (
    id     INTEGER PRIMARY KEY,
    sender TEXT NOT NULL REFERENCES sender (code)
) STRICT;

CREATE TABLE alias (
    kid     TEXT NOT NULL,
    s       BLOB NOT NULL,
    subject INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    PRIMARY KEY (kid, s)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_subject ON alias (subject);

CREATE TABLE treatment (
    id                INTEGER PRIMARY KEY,
    sender            TEXT NOT NULL REFERENCES sender (code),
    record_key        TEXT NOT NULL,
    generation        INTEGER NOT NULL,
    counter           INTEGER NOT NULL,
    content_hash      BLOB NOT NULL,
    subject           INTEGER NOT NULL REFERENCES subject (id),
    programme         TEXT NOT NULL,
    programme_version TEXT,
    unit              TEXT NOT NULL,
    unit_end          TEXT,
    status            TEXT NOT NULL,
    end_reason        TEXT,
    started_on        TEXT NOT NULL,
    ended_on          TEXT NOT NULL,
    sex               TEXT,
    birth_year        INTEGER,
    diagnosis         TEXT,
    document          TEXT NOT NULL,
    UNIQUE (sender, record_key)
) STRICT;
CREATE INDEX treatment_subject ON treatment (subject);

CREATE TABLE outcome (
    treatment  INTEGER NOT NULL REFERENCES treatment (id) ON DELETE CASCADE,
    instrument TEXT NOT NULL,
    comparison TEXT NOT NULL,
    first      REAL,
    second     REAL,
    PRIMARY KEY (treatment, instrument, comparison)
) STRICT, WITHOUT ROWID;

CREATE TABLE retraction (
    sender       TEXT NOT NULL REFERENCES sender (code),
    record_key   TEXT NOT NULL,
    generation   INTEGER NOT NULL,
    counter      INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    reason       TEXT NOT NULL,
    PRIMARY KEY (sender, record_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit (
    sender           TEXT NOT NULL REFERENCES sender (code),
    unit             TEXT NOT NULL,
    generation       INTEGER NOT NULL,
    counter          INTEGER NOT NULL,
    content_hash     BLOB NOT NULL,
    name             TEXT NOT NULL,
    care_level       TEXT,
    ownership        TEXT,
    county           TEXT NOT NULL,
    care_provider_id TEXT,
    municipality     TEXT,
    valid_from       TEXT,
    valid_to         TEXT,
    successor_id     TEXT,
    PRIMARY KEY (sender, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE activity (
    sender       TEXT NOT NULL REFERENCES sender (code),
    record_key   TEXT NOT NULL,
    generation   INTEGER NOT NULL,
    counter      INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    month        TEXT NOT NULL,
    unit         TEXT NOT NULL,
    programme    TEXT NOT NULL,
    sex          TEXT,
    age_group    TEXT,
    started      INTEGER NOT NULL,
    ended        INTEGER NOT NULL,
    ongoing      INTEGER NOT NULL,
    PRIMARY KEY (sender, record_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
    sender       TEXT NOT NULL REFERENCES sender (code),
    record_key   TEXT NOT NULL,
    generation   INTEGER NOT NULL,
    counter      INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    month        TEXT NOT NULL,
    counted      TEXT NOT NULL,
    found        INTEGER NOT NULL,
    accepted     INTEGER NOT NULL,
    unchanged    INTEGER NOT NULL,
    rejected     INTEGER NOT NULL,
    held         INTEGER NOT NULL,
    excluded     INTEGER NOT NULL,
    pending      INTEGER NOT NULL,
    PRIMARY KEY (sender, record_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE population (
    id          INTEGER PRIMARY KEY,
    region      TEXT NOT NULL,
    year        INTEGER NOT NULL,
    sex         TEXT,
    age_from    INTEGER,
    age_to      INTEGER,
    population  INTEGER NOT NULL,
    imported_at TEXT NOT NULL
) STRICT;
