-- The building of a request's tables: waiting, under way by a process that keeps telling so, done, or failed with a sentence. Signs of life
-- in seconds since 1970, so that they can be reckoned with.

CREATE TABLE extract_job (
    request  INTEGER PRIMARY KEY,
    web_user INTEGER NOT NULL REFERENCES web_user (number),
    cut      TEXT,
    state    TEXT NOT NULL,
    at       TEXT NOT NULL,
    holder   TEXT,
    beat_s   INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    places   INTEGER NOT NULL,
    round    INTEGER NOT NULL,
    cells    INTEGER NOT NULL,
    why      TEXT NOT NULL
) STRICT;
