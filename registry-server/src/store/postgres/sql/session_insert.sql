INSERT INTO web_session (token, web_user, began_at, seen_at, proved_at) VALUES ($1, $2, $3, $3, $4)
