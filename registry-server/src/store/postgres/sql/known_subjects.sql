SELECT s, subject FROM alias WHERE sender = $1 AND kid = $2 AND s = ANY ($3)
