SELECT COUNT(*) FROM person_tombstone WHERE sender = $1 AND stands_for = hash
