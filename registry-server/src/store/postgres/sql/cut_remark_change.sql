UPDATE cut_comment SET remarked_by = $3, comment = $4, made_at = $5, role = $6
WHERE cut = $1 AND web_user = $2
