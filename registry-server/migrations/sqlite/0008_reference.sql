-- What staff add beside the deliveries: ended treatments as somebody outside the register counts them, and days on which a series changed
-- its meaning.

CREATE TABLE denominator (
    id          INTEGER PRIMARY KEY,
    region      TEXT NOT NULL,
    unit        TEXT,
    programme   TEXT,
    month       TEXT NOT NULL,
    ended       INTEGER NOT NULL,
    source      TEXT NOT NULL,
    counted_on  TEXT NOT NULL,
    imported_at TEXT NOT NULL
) STRICT;

CREATE TABLE series_break (
    number      INTEGER PRIMARY KEY,
    region      TEXT,
    unit        TEXT,
    programme   TEXT,
    begins_on   TEXT NOT NULL,
    note        TEXT NOT NULL,
    recorded_at TEXT NOT NULL
) STRICT;
