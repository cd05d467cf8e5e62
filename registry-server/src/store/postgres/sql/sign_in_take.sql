DELETE FROM web_sign_in WHERE token = $1 RETURNING until, next, session
