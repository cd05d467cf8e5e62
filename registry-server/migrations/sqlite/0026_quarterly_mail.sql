-- A mail to a unit's reader after each quarter: once for a person and a quarter. Times in seconds since 1970, so that they can be reckoned with.

CREATE TABLE quarter_mail (
    web_user INTEGER NOT NULL REFERENCES web_user (number),
    quarter  TEXT NOT NULL,
    made_s   INTEGER NOT NULL,
    due_s    INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_at  TEXT,
    PRIMARY KEY (web_user, quarter)
) STRICT, WITHOUT ROWID;

-- People who want none.
CREATE TABLE quarter_mail_declined (
    web_user    INTEGER NOT NULL PRIMARY KEY REFERENCES web_user (number),
    declined_at TEXT NOT NULL
) STRICT;
