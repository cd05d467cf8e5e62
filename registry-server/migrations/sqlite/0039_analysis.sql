-- Orders of the statistician's file: every step that was taken. The file itself is kept nowhere.

CREATE TABLE analysis_step (
    number   INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    step     TEXT NOT NULL,
    at       TEXT NOT NULL,
    web_user INTEGER NOT NULL REFERENCES web_user (number),
    cut      INTEGER NOT NULL REFERENCES cut (number),
    purpose  TEXT NOT NULL,
    PRIMARY KEY (number, place)
) STRICT;
