-- People who sign in, and their sessions. Moments are milliseconds since 1970; of passwords and tokens only hashes are kept, and secrets of
-- second factors are sealed.

CREATE TABLE web_user (
    number        INTEGER PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    role          TEXT NOT NULL,
    language      TEXT NOT NULL,
    password      TEXT,
    factor        BLOB,
    failures      INTEGER NOT NULL,
    locked_until  INTEGER,
    last_step     INTEGER,
    invitation    BLOB UNIQUE,
    invited_until INTEGER,
    added_at      INTEGER NOT NULL,
    signed_in_at  INTEGER,
    removed_at    INTEGER
) STRICT;

CREATE TABLE web_session (
    token     BLOB NOT NULL PRIMARY KEY,
    web_user  INTEGER NOT NULL REFERENCES web_user (number),
    began_at  INTEGER NOT NULL,
    seen_at   INTEGER NOT NULL,
    proved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX web_session_user ON web_session (web_user);
