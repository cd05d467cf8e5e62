-- Tables that left a frozen data set: what its tables are split by, every table that was released from it, and the packages made of them.

CREATE TABLE extract_codes (
    cut   BIGINT PRIMARY KEY REFERENCES cut (number),
    codes TEXT COLLATE "C" NOT NULL,
    at    TEXT COLLATE "C" NOT NULL
);

CREATE TABLE extract_release (
    cut          BIGINT NOT NULL REFERENCES cut (number),
    place        BIGINT NOT NULL,
    asked        TEXT COLLATE "C" NOT NULL,
    kept         TEXT COLLATE "C" NOT NULL,
    counts       TEXT COLLATE "C" NOT NULL,
    at           TEXT COLLATE "C" NOT NULL,
    request      BIGINT,
    published_at TEXT COLLATE "C",
    PRIMARY KEY (cut, place),
    UNIQUE (cut, asked)
);

CREATE TABLE extract_package (
    request BIGINT PRIMARY KEY,
    cut     BIGINT NOT NULL REFERENCES cut (number),
    sha256  TEXT COLLATE "C" NOT NULL,
    bytes   BYTEA NOT NULL,
    at      TEXT COLLATE "C" NOT NULL
);
