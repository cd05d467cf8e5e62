INSERT INTO record_tombstone (sender, hash, generation, counter, erased_at)
SELECT $1, hash, generation, counter, $2 FROM UNNEST($3::BYTEA[], $4::BIGINT[], $5::BIGINT[]) AS new (hash, generation, counter)
ON CONFLICT (sender, hash) DO UPDATE SET generation = EXCLUDED.generation, counter = EXCLUDED.counter,
    erased_at = EXCLUDED.erased_at
WHERE (EXCLUDED.generation, EXCLUDED.counter) > (record_tombstone.generation, record_tombstone.counter)
