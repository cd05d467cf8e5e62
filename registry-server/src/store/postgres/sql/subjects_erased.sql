WITH names AS (DELETE FROM alias WHERE sender = $1 AND subject = ANY ($2))
DELETE FROM subject WHERE sender = $1 AND id = ANY ($2)
