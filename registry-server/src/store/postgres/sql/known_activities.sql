SELECT record_key, generation, counter, content_hash, NULL::BIGINT FROM activity WHERE sender = $1 AND record_key = ANY ($2)
