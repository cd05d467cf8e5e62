SELECT treatment, instrument, pre, post, first, last, carried FROM outcome
