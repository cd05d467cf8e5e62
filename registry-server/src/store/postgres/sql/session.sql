SELECT token, web_user, began_at, seen_at, proved_at FROM web_session WHERE token = $1
