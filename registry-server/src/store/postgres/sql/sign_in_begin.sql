INSERT INTO web_sign_in (token, until, next, session) VALUES ($1, $2, $3, $4)
