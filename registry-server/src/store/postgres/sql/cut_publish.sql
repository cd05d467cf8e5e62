UPDATE cut_calendar SET published_at = $2, reason = $3 WHERE cut = $1 AND published_at IS NULL
