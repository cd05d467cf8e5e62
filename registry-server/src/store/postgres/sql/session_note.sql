UPDATE web_session SET seen_at = GREATEST(seen_at, $2) WHERE token = $1
