SELECT subject, s FROM alias WHERE sender = $1 AND subject = ANY ($2)
