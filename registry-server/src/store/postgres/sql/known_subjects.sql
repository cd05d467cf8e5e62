-- One look into the index for each key: without statistics, which a new table has not, a list of keys would read all of the sender's rows.
SELECT found.* FROM UNNEST($3::BYTEA[]) AS wanted (s) CROSS JOIN LATERAL (
    SELECT alias.s, subject FROM alias
    WHERE sender = $1 AND kid = $2 AND alias.s = wanted.s LIMIT 1
) AS found
