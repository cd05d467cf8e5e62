SELECT id, record_key, generation, counter, first_received, document FROM treatment
WHERE sender = $1 AND subject = ANY ($2) ORDER BY record_key
