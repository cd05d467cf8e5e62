UPDATE sender SET schedule = $2, timezone = $3, agent = $4, last_seen_at = $5 WHERE code = $1
