-- What is taken back once more had its number before.
INSERT INTO retraction (sender, record_key, generation, counter, content_hash, reason, treatment)
SELECT $1, new.* FROM UNNEST($2::TEXT[], $3::BIGINT[], $4::BIGINT[], $5::BYTEA[], $6::TEXT[], $7::BIGINT[]) AS new
ON CONFLICT (sender, record_key) DO UPDATE SET generation = EXCLUDED.generation, counter = EXCLUDED.counter,
    content_hash = EXCLUDED.content_hash, reason = EXCLUDED.reason
