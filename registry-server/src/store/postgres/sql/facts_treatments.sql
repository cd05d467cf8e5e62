-- What is coming is looked for only where a sender has something coming: the look would read every treatment once more.
COPY (
    SELECT id, subject, sender, unit, unit_end, programme, programme_version, status, end_reason, started_on, ended_on, sex,
        birth_year, diagnosis
    FROM treatment WHERE NOT EXISTS (SELECT 1 FROM sender WHERE coming IS NOT NULL) OR id NOT IN (SELECT id FROM coming_treatment)
) TO STDOUT (FORMAT BINARY)
