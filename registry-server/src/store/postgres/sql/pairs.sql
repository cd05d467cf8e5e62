INSERT INTO subject_pair (sender, kid, one, other, generation, counter, content_hash, says)
SELECT $1, $2, new.* FROM UNNEST($3::BYTEA[], $4::BYTEA[], $5::BIGINT[], $6::BIGINT[], $7::BYTEA[], $8::TEXT[]) AS new
ON CONFLICT (sender, kid, one, other) DO UPDATE SET generation = EXCLUDED.generation, counter = EXCLUDED.counter,
    content_hash = EXCLUDED.content_hash, says = EXCLUDED.says
