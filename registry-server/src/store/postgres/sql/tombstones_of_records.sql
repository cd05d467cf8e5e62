-- One look into the index for each: without statistics, which a new table has not, a list would read all of the sender's rows.
SELECT found.* FROM UNNEST($2::BYTEA[]) AS wanted (hash) CROSS JOIN LATERAL (
    SELECT record_tombstone.hash, generation, counter FROM record_tombstone
    WHERE sender = $1 AND record_tombstone.hash = wanted.hash LIMIT 1
) AS found
