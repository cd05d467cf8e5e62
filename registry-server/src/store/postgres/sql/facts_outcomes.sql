-- What is coming is looked for only where a sender has something coming: the look would read every treatment once more.
COPY (
    SELECT treatment, instrument, pre, post, first, last, carried FROM outcome
    WHERE NOT EXISTS (SELECT 1 FROM sender WHERE coming IS NOT NULL) OR treatment NOT IN (SELECT id FROM coming_treatment)
) TO STDOUT (FORMAT BINARY)
