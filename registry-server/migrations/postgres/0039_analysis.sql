-- Orders of the statistician's file: every step that was taken. The file itself is kept nowhere.

CREATE TABLE analysis_step (
    number   BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    step     TEXT COLLATE "C" NOT NULL,
    at       TEXT COLLATE "C" NOT NULL,
    web_user BIGINT NOT NULL REFERENCES web_user (number),
    cut      BIGINT NOT NULL REFERENCES cut (number),
    purpose  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (number, place)
);
