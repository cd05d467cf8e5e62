UPDATE sender SET coming = $2 WHERE code = $1
