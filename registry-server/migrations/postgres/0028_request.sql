-- Requests for extracts: every step that was taken, and what the request states from then on.

CREATE TABLE request_step (
    request  BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    step     TEXT COLLATE "C" NOT NULL,
    at       TEXT COLLATE "C" NOT NULL,
    web_user BIGINT NOT NULL REFERENCES web_user (number),
    comment  TEXT COLLATE "C" NOT NULL,
    form     TEXT COLLATE "C",
    PRIMARY KEY (request, place)
);
