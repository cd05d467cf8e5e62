DELETE FROM subject_pair WHERE sender = $1 AND (one = ANY ($2) OR other = ANY ($2))
