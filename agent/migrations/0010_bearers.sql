-- A record's person is remembered also when the source names another one, until the register has taken a version under the new name.
-- Without a conflict clause: inside an upsert the outer statement's would stand in its place.
DROP TRIGGER bearer_of_found_deleted;
DROP TRIGGER bearer_of_found_unread;
CREATE TRIGGER bearer_of_found_deleted AFTER DELETE ON found WHEN OLD.person IS NOT NULL
BEGIN
    INSERT INTO bearer (key, person)
    SELECT OLD.key, OLD.person WHERE NOT EXISTS (SELECT 1 FROM bearer WHERE key = OLD.key) AND EXISTS (
        SELECT 1 FROM record WHERE key =
            (SELECT substr(key, 1, length(key) - 43) FROM record WHERE key >= 'rec1.' AND key < 'rec1/' LIMIT 1) || OLD.key
    );
END;
CREATE TRIGGER bearer_of_found_changed AFTER UPDATE OF person ON found WHEN OLD.person IS NOT NULL AND NEW.person IS NOT OLD.person
BEGIN
    INSERT INTO bearer (key, person)
    SELECT OLD.key, OLD.person WHERE NOT EXISTS (SELECT 1 FROM bearer WHERE key = OLD.key) AND EXISTS (
        SELECT 1 FROM record WHERE key =
            (SELECT substr(key, 1, length(key) - 43) FROM record WHERE key >= 'rec1.' AND key < 'rec1/' LIMIT 1) || OLD.key
    );
END;
