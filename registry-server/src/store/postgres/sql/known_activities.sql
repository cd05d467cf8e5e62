-- One look into the index for each key: without statistics, which a new table has not, a list of keys would read all of the sender's rows.
SELECT found.* FROM UNNEST($2::TEXT[]) AS wanted (record_key) CROSS JOIN LATERAL (
    SELECT activity.record_key, generation, counter, content_hash, NULL::BIGINT FROM activity
    WHERE sender = $1 AND activity.record_key = wanted.record_key LIMIT 1
) AS found
