DELETE FROM activity WHERE sender = $1 AND generation >= $2 AND generation < $3
