SELECT treatment, instrument, pre, post, first, last, carried FROM outcome
WHERE treatment NOT IN (SELECT id FROM coming_treatment) AND ($1::TEXT[] IS NULL OR instrument = ANY ($1))
