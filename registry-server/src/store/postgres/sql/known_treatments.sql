-- One look into the index for each key: without statistics, which a new table has not, a list of keys would read all of the sender's rows.
SELECT found.* FROM UNNEST($2::TEXT[]) AS wanted (record_key) CROSS JOIN LATERAL (
    SELECT treatment.record_key, generation, counter, content_hash, subject FROM treatment
    WHERE sender = $1 AND treatment.record_key = wanted.record_key LIMIT 1
) AS found
UNION ALL
SELECT found.* FROM UNNEST($2::TEXT[]) AS wanted (record_key) CROSS JOIN LATERAL (
    SELECT retraction.record_key, generation, counter, content_hash, NULL::BIGINT FROM retraction
    WHERE sender = $1 AND retraction.record_key = wanted.record_key LIMIT 1
) AS found
WHERE EXISTS (SELECT 1 FROM retraction WHERE sender = $1)
