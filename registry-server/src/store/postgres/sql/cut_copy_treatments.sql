INSERT INTO cut_treatment
SELECT sender, $1, id, subject, subject, unit, unit_end, programme, programme_version, status, end_reason, started_on, ended_on,
    sex, birth_year, diagnosis, referred_on, assessed_on, modules_total, modules_completed, therapist_minutes, messages,
    sick_leave_before, sick_leave_after
FROM treatment CROSS JOIN LATERAL JSON_TO_RECORD(document::JSON) AS detail (referred_on TEXT, assessed_on TEXT,
    modules_total BIGINT, modules_completed BIGINT, therapist_minutes BIGINT, messages BIGINT, sick_leave_before BIGINT,
    sick_leave_after BIGINT)
WHERE id NOT IN (SELECT id FROM coming_treatment)
