-- What an inspector may ask for: receipts, which stay after their batches are gone, and what was configured from which cycle on.

CREATE TABLE receipt (
    batch       INTEGER PRIMARY KEY,
    received_at TEXT NOT NULL,
    bytes       BLOB NOT NULL
) STRICT;
INSERT INTO receipt (batch, received_at, bytes)
SELECT id, delivered_at, receipt FROM batch WHERE delivered_at IS NOT NULL AND receipt IS NOT NULL;
CREATE TRIGGER receipt_kept AFTER UPDATE OF receipt ON batch WHEN NEW.receipt IS NOT NULL AND NEW.delivered_at IS NOT NULL
BEGIN
    INSERT OR REPLACE INTO receipt (batch, received_at, bytes) VALUES (NEW.id, NEW.delivered_at, NEW.receipt);
END;

-- A JSON object of settings and values without secrets, from the first cycle that ran under it.
CREATE TABLE configuration (cycle INTEGER PRIMARY KEY, settings TEXT NOT NULL) STRICT;
