INSERT INTO cut_comment (cut, number, remarked_by, comment, made_at)
SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4 FROM cut_comment WHERE cut = $1
