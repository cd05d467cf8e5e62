UPDATE sender SET status = $2, changed_at = $3 WHERE code = $1
