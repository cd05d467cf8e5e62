-- EXISTS would let the planner read every alias of the sender for each page.
SELECT id, record_key, generation, counter, content_hash, programme, programme_version, unit, unit_end, status, end_reason, started_on,
    ended_on, sex, birth_year, diagnosis, document,
    COALESCE((SELECT TRUE FROM alias WHERE alias.sender = $1 AND alias.subject = treatment.subject LIMIT 1), FALSE) AS named
FROM treatment WHERE sender = $1 AND record_key > $2
    AND generation >= COALESCE((SELECT coming FROM sender WHERE code = $1), 0)
ORDER BY record_key LIMIT $3
