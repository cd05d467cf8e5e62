-- What is wrong with a sender, since when, and who was told; and whom to tell.

-- At most one alarm of a kind is open for a sender.
CREATE TABLE alarm (
    number          INTEGER NOT NULL PRIMARY KEY,
    sender          TEXT NOT NULL REFERENCES sender (code),
    kind            TEXT NOT NULL,
    since           TEXT NOT NULL,
    raised_at       TEXT NOT NULL,
    cleared_at      TEXT,
    acknowledged_at TEXT,
    acknowledged_by TEXT,
    note            TEXT
) STRICT;
CREATE UNIQUE INDEX alarm_open ON alarm (sender, kind) WHERE cleared_at IS NULL;

-- A message to send, made in the transaction that changed its alarm. Times in seconds since 1970, so that they can be reckoned with.
CREATE TABLE alarm_notice (
    alarm    INTEGER NOT NULL REFERENCES alarm (number),
    step     TEXT NOT NULL CHECK (step IN ('raised', 'cleared')),
    made_s   INTEGER NOT NULL,
    due_s    INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_at  TEXT,
    PRIMARY KEY (alarm, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    number       INTEGER NOT NULL PRIMARY KEY,
    sender       TEXT NOT NULL REFERENCES sender (code),
    role         TEXT NOT NULL CHECK (role IN ('technical', 'clinical', 'data-protection')),
    name         TEXT NOT NULL,
    email        TEXT NOT NULL,
    deputy_of    INTEGER,
    confirmed_at TEXT NOT NULL,
    confirmed_by TEXT
) STRICT;
