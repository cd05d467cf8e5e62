DELETE FROM retraction WHERE sender = $1 AND person = ANY ($2) RETURNING record_key, generation, counter, person
