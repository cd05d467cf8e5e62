SELECT unit, generation, counter, content_hash, NULL::BIGINT FROM unit WHERE sender = $1 AND unit = ANY ($2)
