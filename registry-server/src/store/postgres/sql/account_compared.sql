SELECT drift, compared_at, compared FROM sender WHERE code = $1
