-- A message to another program, beside the mail of the same change, with its own attempts.
CREATE TABLE alarm_hook (
    alarm    BIGINT NOT NULL,
    step     TEXT COLLATE "C" NOT NULL CHECK (step IN ('raised', 'cleared')),
    made_s   BIGINT NOT NULL,
    due_s    BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    sent_at  TEXT COLLATE "C",
    PRIMARY KEY (alarm, step)
);
