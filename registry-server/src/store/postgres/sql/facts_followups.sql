SELECT treatment, instrument, months, pre, score FROM followup
