SELECT treatment, instrument, months, pre, score FROM followup WHERE treatment NOT IN (SELECT id FROM coming_treatment)
