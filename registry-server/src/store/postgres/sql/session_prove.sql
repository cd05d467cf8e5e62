UPDATE web_session SET seen_at = $3, proved_at = $4 WHERE token = $1 AND web_user = $2
