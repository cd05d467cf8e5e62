SELECT treatment, instrument, pre, post, first, last, carried FROM sender JOIN cut_outcome ON sender = code WHERE cut = $1
ORDER BY treatment, instrument
