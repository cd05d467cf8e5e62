UPDATE sender SET compared_at = $2, compared = $3 WHERE code = $1
