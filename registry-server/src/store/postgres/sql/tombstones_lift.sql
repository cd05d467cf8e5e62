DELETE FROM person_tombstone WHERE sender = $1 AND (hash = ANY ($2) OR stands_for = ANY ($2))
