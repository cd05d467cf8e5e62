-- The calendar of a year's cut: when deliveries ended, how long comments are taken, who signed, what was remarked, when it was published.

CREATE TABLE cut_calendar (
    cut            INTEGER NOT NULL PRIMARY KEY REFERENCES cut (number),
    year           INTEGER NOT NULL,
    stop_on        TEXT NOT NULL,
    comments_until TEXT NOT NULL,
    published_at   TEXT,
    reason         TEXT
) STRICT;

CREATE TABLE cut_comment (
    cut     INTEGER NOT NULL REFERENCES cut (number),
    number  INTEGER NOT NULL,
    remarked_by TEXT NOT NULL,
    comment TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (cut, number)
) STRICT, WITHOUT ROWID;

-- `statement` is what was signed, byte for byte, and `public_key` the key that its signature holds under.
CREATE TABLE attestation (
    sender     TEXT NOT NULL REFERENCES sender (code),
    cut        INTEGER NOT NULL REFERENCES cut (number),
    signed_by  TEXT NOT NULL,
    signed_at  TEXT NOT NULL,
    statement  BLOB NOT NULL,
    scheme     INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    signature  BLOB NOT NULL,
    PRIMARY KEY (sender, cut)
) STRICT, WITHOUT ROWID;
