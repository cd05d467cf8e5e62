-- Tables that left a frozen data set: what its tables are split by, every table that was released from it, and the packages made of them.

CREATE TABLE extract_codes (
    cut   INTEGER PRIMARY KEY REFERENCES cut (number),
    codes TEXT NOT NULL,
    at    TEXT NOT NULL
) STRICT;

CREATE TABLE extract_release (
    cut          INTEGER NOT NULL REFERENCES cut (number),
    place        INTEGER NOT NULL,
    asked        TEXT NOT NULL,
    kept         TEXT NOT NULL,
    counts       TEXT NOT NULL,
    at           TEXT NOT NULL,
    request      INTEGER,
    published_at TEXT,
    PRIMARY KEY (cut, place),
    UNIQUE (cut, asked)
) STRICT, WITHOUT ROWID;

CREATE TABLE extract_package (
    request INTEGER PRIMARY KEY,
    cut     INTEGER NOT NULL REFERENCES cut (number),
    sha256  TEXT NOT NULL,
    bytes   BLOB NOT NULL,
    at      TEXT NOT NULL
) STRICT;
