-- One look into the index for each key: without statistics, which a new table has not, a list of keys would read all of the sender's rows.
INSERT INTO history (sender, treatment, generation, counter, replaced_at, batch, line)
SELECT $1, found.id, found.generation, found.counter, $2, $3, write.line
FROM UNNEST($4::TEXT[], $5::BIGINT[]) AS write (record_key, line) CROSS JOIN LATERAL (
    SELECT id, generation, counter FROM treatment
    WHERE sender = $1 AND treatment.record_key = write.record_key LIMIT 1
) AS found
ON CONFLICT (sender, treatment, generation, counter) DO NOTHING
