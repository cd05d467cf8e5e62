INSERT INTO cut_comment (cut, number, web_user, remarked_by, comment, made_at, role)
SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6 FROM cut_comment WHERE cut = $1
