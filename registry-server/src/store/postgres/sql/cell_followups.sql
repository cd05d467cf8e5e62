SELECT treatment, instrument, months, pre, score FROM followup WHERE sender = $1 AND treatment = ANY ($2)
