-- Names of persons who object under earlier person keys, as long as the register may hold them under those beside the one in objection: a
-- set under new keys takes the old one's place only when it is whole. sealed is as in objection, of the person key kid. told is 1 once the
-- register may count the person under that name too, for good.
CREATE TABLE earlier_name (
    hash   BLOB NOT NULL REFERENCES objection (hash) ON DELETE CASCADE,
    kid    TEXT NOT NULL,
    sealed BLOB NOT NULL,
    told   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (hash, kid)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER earlier_name_unsealed AFTER UPDATE OF sealed ON objection WHEN NEW.sealed IS NULL
BEGIN
    DELETE FROM earlier_name WHERE hash = NEW.hash;
END;
