INSERT INTO cut_followup
SELECT sender, $1, treatment, instrument, months, pre, score FROM followup
WHERE treatment NOT IN (SELECT id FROM coming_treatment)
