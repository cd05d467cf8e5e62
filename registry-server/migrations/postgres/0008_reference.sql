-- What staff add beside the deliveries: ended treatments as somebody outside the register counts them, and days on which a series changed
-- its meaning.

CREATE TABLE denominator (
    id          BIGSERIAL PRIMARY KEY,
    region      TEXT COLLATE "C" NOT NULL,
    unit        TEXT COLLATE "C",
    programme   TEXT COLLATE "C",
    month       TEXT COLLATE "C" NOT NULL,
    ended       BIGINT NOT NULL,
    source      TEXT COLLATE "C" NOT NULL,
    counted_on  TEXT COLLATE "C" NOT NULL,
    imported_at TEXT COLLATE "C" NOT NULL
);

CREATE TABLE series_break (
    number      BIGINT PRIMARY KEY,
    region      TEXT COLLATE "C",
    unit        TEXT COLLATE "C",
    programme   TEXT COLLATE "C",
    begins_on   TEXT COLLATE "C" NOT NULL,
    note        TEXT COLLATE "C" NOT NULL,
    recorded_at TEXT COLLATE "C" NOT NULL
);
