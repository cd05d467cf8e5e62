SELECT id, subject, sender, unit, unit_end, programme, programme_version, status, end_reason, started_on, ended_on, sex,
    birth_year, diagnosis
FROM treatment WHERE id NOT IN (SELECT id FROM coming_treatment) ORDER BY id
