SELECT id, subject, sender, unit, unit_end, programme, programme_version, status, end_reason, started_on, ended_on, sex,
    birth_year, diagnosis
FROM treatment WHERE sender = $1 AND id NOT IN (SELECT id FROM coming_treatment)
    AND ($2::TEXT[] IS NULL OR SUBSTR(started_on, 1, 7) = ANY ($2) OR SUBSTR(ended_on, 1, 7) = ANY ($2))
ORDER BY id
