-- People who sign in, and their sessions. Moments are milliseconds since 1970; of passwords and tokens only hashes are kept, and secrets of
-- second factors are sealed.

CREATE TABLE web_user (
    number        BIGINT NOT NULL PRIMARY KEY,
    email         TEXT COLLATE "C" NOT NULL UNIQUE,
    role          TEXT COLLATE "C" NOT NULL,
    language      TEXT COLLATE "C" NOT NULL,
    password      TEXT COLLATE "C",
    factor        BYTEA,
    failures      BIGINT NOT NULL,
    locked_until  BIGINT,
    last_step     BIGINT,
    invitation    BYTEA UNIQUE,
    invited_until BIGINT,
    added_at      BIGINT NOT NULL,
    signed_in_at  BIGINT,
    removed_at    BIGINT
);

CREATE TABLE web_session (
    token     BYTEA NOT NULL PRIMARY KEY,
    web_user  BIGINT NOT NULL REFERENCES web_user (number),
    began_at  BIGINT NOT NULL,
    seen_at   BIGINT NOT NULL,
    proved_at BIGINT NOT NULL
);
CREATE INDEX web_session_user ON web_session (web_user);
