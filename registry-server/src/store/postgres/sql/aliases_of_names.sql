-- One look into the index for each: without statistics, which a new table has not, a list would read all of the sender's rows.
SELECT named.s, other.s, named.subject FROM UNNEST($2::BYTEA[]) AS wanted (s) CROSS JOIN LATERAL (
    SELECT alias.s, subject FROM alias
    WHERE sender = $1 AND kid IN (SELECT kid FROM sender_key WHERE sender = $1) AND alias.s = wanted.s LIMIT 1
) AS named
JOIN alias AS other ON other.sender = $1 AND other.subject = named.subject
