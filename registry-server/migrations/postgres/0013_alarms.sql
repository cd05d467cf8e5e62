-- What is wrong with a sender, since when, and who was told; and whom to tell.

-- At most one alarm of a kind is open for a sender.
CREATE TABLE alarm (
    number          BIGINT NOT NULL PRIMARY KEY,
    sender          TEXT COLLATE "C" NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    since           TEXT COLLATE "C" NOT NULL,
    raised_at       TEXT COLLATE "C" NOT NULL,
    cleared_at      TEXT COLLATE "C",
    acknowledged_at TEXT COLLATE "C",
    acknowledged_by TEXT COLLATE "C",
    note            TEXT COLLATE "C"
);
CREATE UNIQUE INDEX alarm_open ON alarm (sender, kind) WHERE cleared_at IS NULL;

-- A message to send, made in the transaction that changed its alarm. Times in seconds since 1970, so that they can be reckoned with.
CREATE TABLE alarm_notice (
    alarm    BIGINT NOT NULL,
    step     TEXT COLLATE "C" NOT NULL CHECK (step IN ('raised', 'cleared')),
    made_s   BIGINT NOT NULL,
    due_s    BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    sent_at  TEXT COLLATE "C",
    PRIMARY KEY (alarm, step)
);

CREATE TABLE contact (
    number       BIGINT NOT NULL PRIMARY KEY,
    sender       TEXT COLLATE "C" NOT NULL,
    role         TEXT COLLATE "C" NOT NULL CHECK (role IN ('technical', 'clinical', 'data-protection')),
    name         TEXT COLLATE "C" NOT NULL,
    email        TEXT COLLATE "C" NOT NULL,
    deputy_of    BIGINT,
    confirmed_at TEXT COLLATE "C" NOT NULL,
    confirmed_by TEXT COLLATE "C"
);
