SELECT cut, remarked_by, comment, made_at, web_user, role FROM cut_comment ORDER BY cut, number
