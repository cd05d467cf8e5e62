DELETE FROM history WHERE sender = $1 AND treatment = ANY ($2)
