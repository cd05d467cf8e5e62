DELETE FROM web_session WHERE web_user = $1 AND ($2::BYTEA IS NULL OR token = $2) AND ($3::BYTEA IS NULL OR token <> $3)
