SELECT treatment, instrument, months, pre, score FROM sender JOIN cut_followup ON sender = code WHERE cut = $1
ORDER BY treatment, instrument, months
