SELECT token, web_user, began_at, seen_at, proved_at FROM web_session WHERE web_user = $1
ORDER BY began_at DESC, token
