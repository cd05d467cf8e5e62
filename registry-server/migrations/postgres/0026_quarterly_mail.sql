-- A mail to a unit's reader after each quarter: once for a person and a quarter. Times in seconds since 1970, so that they can be reckoned with.

CREATE TABLE quarter_mail (
    web_user BIGINT NOT NULL REFERENCES web_user (number),
    quarter  TEXT COLLATE "C" NOT NULL,
    made_s   BIGINT NOT NULL,
    due_s    BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    sent_at  TEXT COLLATE "C",
    PRIMARY KEY (web_user, quarter)
);

-- People who want none.
CREATE TABLE quarter_mail_declined (
    web_user    BIGINT NOT NULL PRIMARY KEY REFERENCES web_user (number),
    declined_at TEXT COLLATE "C" NOT NULL
);
