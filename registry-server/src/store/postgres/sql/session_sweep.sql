DELETE FROM web_session WHERE token = $1 OR seen_at <= $2 OR began_at <= $3
