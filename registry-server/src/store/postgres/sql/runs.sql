INSERT INTO run (sender, record_key, generation, counter, content_hash, month, counted, found, accepted, unchanged,
    rejected, held, excluded, pending)
SELECT $1, new.* FROM UNNEST($2::TEXT[], $3::BIGINT[], $4::BIGINT[], $5::BYTEA[], $6::TEXT[], $7::TEXT[], $8::BIGINT[],
    $9::BIGINT[], $10::BIGINT[], $11::BIGINT[], $12::BIGINT[], $13::BIGINT[], $14::BIGINT[]) AS new
ON CONFLICT (sender, record_key) DO UPDATE SET generation = EXCLUDED.generation, counter = EXCLUDED.counter,
    content_hash = EXCLUDED.content_hash, month = EXCLUDED.month, counted = EXCLUDED.counted, found = EXCLUDED.found,
    accepted = EXCLUDED.accepted, unchanged = EXCLUDED.unchanged, rejected = EXCLUDED.rejected, held = EXCLUDED.held,
    excluded = EXCLUDED.excluded, pending = EXCLUDED.pending
