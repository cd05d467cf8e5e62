DELETE FROM retraction WHERE sender = $1 AND person = ANY ($2)
RETURNING treatment, record_key, generation, counter, person
