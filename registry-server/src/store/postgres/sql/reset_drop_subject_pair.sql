DELETE FROM subject_pair WHERE sender = $1 AND generation >= $2 AND generation < $3
