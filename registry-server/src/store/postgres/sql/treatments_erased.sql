DELETE FROM treatment WHERE sender = $1 AND subject = ANY ($2) RETURNING id, record_key, generation, counter
