SELECT (SELECT COUNT(*) FROM person_tombstone WHERE sender = $1 AND stands_for = hash),
    (SELECT CASE WHEN coming IS NOT NULL THEN (SELECT COUNT(*) FROM treatment WHERE treatment.sender = $1 AND generation < coming) END
    FROM sender WHERE code = $1)
