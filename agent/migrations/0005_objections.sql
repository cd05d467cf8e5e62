-- Persons who object, by their hash under the objection key, as this state directory has dealt with them: the register cannot hold
-- anything of theirs (none), is to be told (queued), or has confirmed the erasure (done). Who they are to the register stands in
-- objections.db alone.
CREATE TABLE objector (
    hash  BLOB PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('none', 'queued', 'done'))
) STRICT, WITHOUT ROWID;

-- Whose treatment a record is, once the row that told it is found no more or tells it no more; as in found.
CREATE TABLE bearer (
    key    TEXT PRIMARY KEY,
    person BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Record keys of one sender differ in their last 43 characters.
CREATE TRIGGER bearer_of_found_deleted AFTER DELETE ON found WHEN OLD.person IS NOT NULL
BEGIN
    INSERT OR REPLACE INTO bearer (key, person)
    SELECT OLD.key, OLD.person WHERE EXISTS (
        SELECT 1 FROM record WHERE key =
            (SELECT substr(key, 1, length(key) - 43) FROM record WHERE key >= 'rec1.' AND key < 'rec1/' LIMIT 1) || OLD.key
    );
END;
CREATE TRIGGER bearer_of_found_unread AFTER UPDATE OF person ON found WHEN OLD.person IS NOT NULL AND NEW.person IS NULL
BEGIN
    INSERT OR REPLACE INTO bearer (key, person) VALUES (OLD.key, OLD.person);
END;
