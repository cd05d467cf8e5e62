SELECT EXISTS (SELECT 1 FROM person_tombstone WHERE sender = $1) OR EXISTS (SELECT 1 FROM record_tombstone WHERE sender = $1)
