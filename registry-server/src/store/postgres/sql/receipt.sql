SELECT receipt FROM batch WHERE sender = $1 AND digest = $2
