-- The building of a request's tables: waiting, under way by a process that keeps telling so, done, or failed with a sentence. Signs of life
-- in seconds since 1970, so that they can be reckoned with.

CREATE TABLE extract_job (
    request  BIGINT PRIMARY KEY,
    web_user BIGINT NOT NULL REFERENCES web_user (number),
    cut      TEXT COLLATE "C",
    state    TEXT COLLATE "C" NOT NULL,
    at       TEXT COLLATE "C" NOT NULL,
    holder   TEXT COLLATE "C",
    beat_s   BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    places   BIGINT NOT NULL,
    round    BIGINT NOT NULL,
    cells    BIGINT NOT NULL,
    why      TEXT COLLATE "C" NOT NULL
);
