INSERT INTO person_tombstone (sender, hash, stands_for, withdrawn_at)
SELECT $1, hash, stands_for, $2 FROM UNNEST($3::BYTEA[], $4::BYTEA[]) AS new (hash, stands_for)
ON CONFLICT (sender, hash) DO UPDATE SET stands_for = EXCLUDED.stands_for WHERE EXCLUDED.stands_for = EXCLUDED.hash
