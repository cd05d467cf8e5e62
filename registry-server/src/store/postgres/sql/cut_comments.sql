SELECT cut, remarked_by, comment, made_at FROM cut_comment ORDER BY cut, number
