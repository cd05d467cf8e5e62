DELETE FROM retraction WHERE sender = $1 AND record_key = ANY ($2) RETURNING record_key, treatment
