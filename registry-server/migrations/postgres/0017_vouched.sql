-- People whom an identity provider vouches for: the provider, and the name by which it knows them for good. And browsers that were sent to
-- it: what is kept of the token that each holds, until when it may come back and where it goes then, and the session that is to be fresh.

ALTER TABLE web_user ADD COLUMN issuer TEXT COLLATE "C";
ALTER TABLE web_user ADD COLUMN subject TEXT COLLATE "C";
CREATE UNIQUE INDEX web_user_subject ON web_user (issuer, subject);

CREATE TABLE web_sign_in (
    token   BYTEA NOT NULL PRIMARY KEY,
    until   BIGINT NOT NULL,
    next    TEXT COLLATE "C" NOT NULL,
    session BYTEA
);
