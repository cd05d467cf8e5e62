-- Looking into the audit log: by the second in which something happened, and the monthly reviews of it.

CREATE INDEX audit_leaf_second ON audit_leaf (substr(event, 8, 19));

-- One for a month, `YYYY-MM`. `sample` of `events` were drawn by `seed`.
CREATE TABLE audit_review (
    month     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    signed_at TEXT COLLATE "C" NOT NULL,
    web_user  BIGINT NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    remark    TEXT COLLATE "C" NOT NULL,
    sample    BIGINT NOT NULL,
    events    BIGINT NOT NULL,
    seed      TEXT COLLATE "C" NOT NULL
);
