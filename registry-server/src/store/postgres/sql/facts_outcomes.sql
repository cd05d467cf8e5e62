SELECT treatment, instrument, pre, post, first, last, carried FROM outcome WHERE treatment NOT IN (SELECT id FROM coming_treatment)
