SELECT treatment, referred_on, assessed_on, modules_total, modules_completed, therapist_minutes, messages, sick_leave_before,
    sick_leave_after
FROM sender JOIN cut_treatment ON sender = code WHERE cut = $1 ORDER BY treatment
