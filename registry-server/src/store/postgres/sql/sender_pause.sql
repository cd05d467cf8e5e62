UPDATE sender SET paused_until = $2, pause_reason = $3, changed_at = $4 WHERE code = $1
