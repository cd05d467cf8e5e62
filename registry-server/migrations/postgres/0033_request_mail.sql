-- A mail about a step that was taken with a request: once for a step and a person. Whoever took the step has a row too, settled at once, so
-- that a step is looked at once also where nobody is to be told. Times in seconds since 1970, so that they can be reckoned with.

CREATE TABLE request_mail (
    request  BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    web_user BIGINT NOT NULL REFERENCES web_user (number),
    made_s   BIGINT NOT NULL,
    due_s    BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    sent_at  TEXT COLLATE "C",
    PRIMARY KEY (request, place, web_user),
    FOREIGN KEY (request, place) REFERENCES request_step (request, place)
);
