-- One look into the index for each: without statistics, which a new table has not, a list would read all of the sender's rows.
SELECT found.hash FROM UNNEST($2::BYTEA[]) AS wanted (hash) CROSS JOIN LATERAL (
    SELECT person_tombstone.hash FROM person_tombstone
    WHERE sender = $1 AND person_tombstone.hash = wanted.hash LIMIT 1
) AS found
