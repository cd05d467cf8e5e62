-- Looking into the audit log: by the second in which something happened, and the monthly reviews of it.

CREATE INDEX audit_leaf_second ON audit_leaf (substr(event, 8, 19));

-- One for a month, `YYYY-MM`. `sample` of `events` were drawn by `seed`.
CREATE TABLE audit_review (
    month     TEXT NOT NULL PRIMARY KEY,
    signed_at TEXT NOT NULL,
    web_user  INTEGER NOT NULL,
    name      TEXT NOT NULL,
    remark    TEXT NOT NULL,
    sample    INTEGER NOT NULL,
    events    INTEGER NOT NULL,
    seed      TEXT NOT NULL
) STRICT;
