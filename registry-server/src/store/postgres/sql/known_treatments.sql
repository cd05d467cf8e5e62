SELECT record_key, generation, counter, content_hash, subject FROM treatment
WHERE sender = $1 AND record_key = ANY ($2)
UNION ALL
SELECT record_key, generation, counter, content_hash, NULL FROM retraction
WHERE sender = $1 AND record_key = ANY ($2)
