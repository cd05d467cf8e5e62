-- People whom an identity provider vouches for: the provider, and the name by which it knows them for good. And browsers that were sent to
-- it: what is kept of the token that each holds, until when it may come back and where it goes then, and the session that is to be fresh.

ALTER TABLE web_user ADD COLUMN issuer TEXT;
ALTER TABLE web_user ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX web_user_subject ON web_user (issuer, subject);

CREATE TABLE web_sign_in (
    token   BLOB NOT NULL PRIMARY KEY,
    until   INTEGER NOT NULL,
    next    TEXT NOT NULL,
    session BLOB
) STRICT, WITHOUT ROWID;
