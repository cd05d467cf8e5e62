INSERT INTO cut_outcome
SELECT sender, $1, treatment, instrument, pre, post, first, last, carried FROM outcome
WHERE treatment NOT IN (SELECT id FROM coming_treatment)
