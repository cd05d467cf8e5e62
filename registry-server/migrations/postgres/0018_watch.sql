-- What the register's staff watch senders by: their days, what was rejected, what their connections tell; and when the register was up.
-- Days are Sweden's, but for those of batches that came before this was counted, which are UTC. They are counts of a few rows a sender,
-- so they have no partitions.

CREATE TABLE delivery_day (
    sender   TEXT COLLATE "C" NOT NULL,
    day      TEXT COLLATE "C" NOT NULL,
    batches  BIGINT NOT NULL,
    records  BIGINT NOT NULL,
    added    BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    PRIMARY KEY (sender, day)
);
INSERT INTO delivery_day (sender, day, batches, records, added, rejected)
    SELECT sender, substr(received_at, 1, 10), COUNT(*), SUM(records)::BIGINT, SUM(COALESCE(added, 0))::BIGINT, 0
    FROM batch GROUP BY 1, 2;

CREATE TABLE reject_day (
    sender  TEXT COLLATE "C" NOT NULL,
    day     TEXT COLLATE "C" NOT NULL,
    rule    TEXT COLLATE "C" NOT NULL,
    records BIGINT NOT NULL,
    PRIMARY KEY (sender, day, rule)
);

-- `rules` and `newest_end` come with batches, the rest with the question of who one is.
CREATE TABLE sender_told (
    sender            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    rules             TEXT COLLATE "C",
    newest_end        TEXT COLLATE "C",
    skew_s            BIGINT,
    certificate_until TEXT COLLATE "C",
    heard_at          TEXT COLLATE "C"
);

-- One row: since when the register is up, when it was seen up last, and when it was before it was down.
CREATE TABLE register_life (
    one      BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    began_at TEXT COLLATE "C" NOT NULL,
    seen_at  TEXT COLLATE "C" NOT NULL,
    down_at  TEXT COLLATE "C"
);
