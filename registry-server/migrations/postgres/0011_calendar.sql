-- The calendar of a year's cut: when deliveries ended, how long comments are taken, who signed, what was remarked, when it was published.

CREATE TABLE cut_calendar (
    cut            BIGINT NOT NULL PRIMARY KEY,
    year           BIGINT NOT NULL,
    stop_on        TEXT COLLATE "C" NOT NULL,
    comments_until TEXT COLLATE "C" NOT NULL,
    published_at   TEXT COLLATE "C",
    reason         TEXT COLLATE "C"
);

CREATE TABLE cut_comment (
    cut     BIGINT NOT NULL,
    number  BIGINT NOT NULL,
    remarked_by TEXT COLLATE "C" NOT NULL,
    comment TEXT COLLATE "C" NOT NULL,
    made_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (cut, number)
);

-- `statement` is what was signed, byte for byte, and `public_key` the key that its signature holds under.
CREATE TABLE attestation (
    sender     TEXT COLLATE "C" NOT NULL,
    cut        BIGINT NOT NULL,
    signed_by  TEXT COLLATE "C" NOT NULL,
    signed_at  TEXT COLLATE "C" NOT NULL,
    statement  BYTEA NOT NULL,
    scheme     BIGINT NOT NULL,
    public_key BYTEA NOT NULL,
    signature  BYTEA NOT NULL,
    PRIMARY KEY (sender, cut)
) PARTITION BY LIST (sender);

SELECT make_partitions(code) FROM sender;
