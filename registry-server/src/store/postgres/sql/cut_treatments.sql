SELECT treatment, person, sender, unit, unit_end, programme, programme_version, cut_treatment.status, end_reason, started_on,
    ended_on, sex, birth_year, diagnosis
FROM sender JOIN cut_treatment ON sender = code WHERE cut = $1 ORDER BY treatment
