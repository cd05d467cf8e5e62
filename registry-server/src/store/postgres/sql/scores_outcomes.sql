-- What is coming is looked for only where a sender has something coming: the look would read every treatment once more.
-- A copy takes no parameters: the instruments stand in a setting of the transaction.
COPY (
    SELECT treatment, instrument, pre, post, first, last, carried FROM outcome
    WHERE (NOT EXISTS (SELECT 1 FROM sender WHERE coming IS NOT NULL) OR treatment NOT IN (SELECT id FROM coming_treatment))
        AND ((SELECT current_setting('register.instruments') = '')
            OR instrument = ANY ((SELECT string_to_array(current_setting('register.instruments'), ','))::TEXT[]))
) TO STDOUT (FORMAT BINARY)
