SELECT treatment, instrument, pre, post, first, last, carried FROM outcome WHERE sender = $1 AND treatment = ANY ($2)
