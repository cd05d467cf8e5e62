-- Requests for extracts: every step that was taken, and what the request states from then on.

CREATE TABLE request_step (
    request  INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    step     TEXT NOT NULL,
    at       TEXT NOT NULL,
    web_user INTEGER NOT NULL REFERENCES web_user (number),
    comment  TEXT NOT NULL,
    form     TEXT,
    PRIMARY KEY (request, place)
) STRICT, WITHOUT ROWID;
