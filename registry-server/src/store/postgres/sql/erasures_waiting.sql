SELECT sender, number FROM erasure WHERE cleaned_at IS NULL AND received_at <= $1 ORDER BY sender, number
