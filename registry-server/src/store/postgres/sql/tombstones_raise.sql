UPDATE record_tombstone SET generation = new.generation, counter = new.counter
FROM UNNEST($2::BYTEA[], $3::BIGINT[], $4::BIGINT[]) AS new (hash, generation, counter)
WHERE sender = $1 AND record_tombstone.hash = new.hash
