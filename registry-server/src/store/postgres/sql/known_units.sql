-- One look into the index for each key: without statistics, which a new table has not, a list of keys would read all of the sender's rows.
SELECT found.* FROM UNNEST($2::TEXT[]) AS wanted (unit) CROSS JOIN LATERAL (
    SELECT unit.unit, generation, counter, content_hash, NULL::BIGINT FROM unit
    WHERE sender = $1 AND unit.unit = wanted.unit LIMIT 1
) AS found
