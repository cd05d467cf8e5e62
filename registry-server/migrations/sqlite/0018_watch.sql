-- What the register's staff watch senders by: their days, what was rejected, what their connections tell; and when the register was up.
-- Days are Sweden's, but for those of batches that came before this was counted, which are UTC.

CREATE TABLE delivery_day (
    sender   TEXT NOT NULL REFERENCES sender (code),
    day      TEXT NOT NULL,
    batches  INTEGER NOT NULL,
    records  INTEGER NOT NULL,
    added    INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    PRIMARY KEY (sender, day)
) STRICT, WITHOUT ROWID;
INSERT INTO delivery_day (sender, day, batches, records, added, rejected)
    SELECT sender, substr(received_at, 1, 10), COUNT(*), SUM(records), SUM(COALESCE(added, 0)), 0
    FROM batch GROUP BY 1, 2;

CREATE TABLE reject_day (
    sender  TEXT NOT NULL REFERENCES sender (code),
    day     TEXT NOT NULL,
    rule    TEXT NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (sender, day, rule)
) STRICT, WITHOUT ROWID;

-- `rules` and `newest_end` come with batches, the rest with the question of who one is.
CREATE TABLE sender_told (
    sender            TEXT NOT NULL PRIMARY KEY REFERENCES sender (code),
    rules             TEXT,
    newest_end        TEXT,
    skew_s            INTEGER,
    certificate_until TEXT,
    heard_at          TEXT
) STRICT;

-- One row: since when the register is up, when it was seen up last, and when it was before it was down.
CREATE TABLE register_life (
    one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    began_at TEXT NOT NULL,
    seen_at  TEXT NOT NULL,
    down_at  TEXT
) STRICT;
