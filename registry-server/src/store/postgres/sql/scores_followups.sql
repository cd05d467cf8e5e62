SELECT treatment, instrument, months, pre, score FROM followup
WHERE treatment NOT IN (SELECT id FROM coming_treatment) AND ($1::TEXT[] IS NULL OR instrument = ANY ($1))
