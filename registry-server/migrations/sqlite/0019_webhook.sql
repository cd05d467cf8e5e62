-- A message to another program, beside the mail of the same change, with its own attempts.
CREATE TABLE alarm_hook (
    alarm    INTEGER NOT NULL REFERENCES alarm (number),
    step     TEXT NOT NULL CHECK (step IN ('raised', 'cleared')),
    made_s   INTEGER NOT NULL,
    due_s    INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_at  TEXT,
    PRIMARY KEY (alarm, step)
) STRICT, WITHOUT ROWID;
