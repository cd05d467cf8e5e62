DELETE FROM outcome WHERE sender = $1 AND treatment = ANY ($2)
