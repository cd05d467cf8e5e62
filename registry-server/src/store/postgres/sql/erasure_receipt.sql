SELECT receipt FROM erasure WHERE sender = $1 AND digest = $2 ORDER BY number DESC LIMIT 1
