SELECT one, other, generation, counter, content_hash FROM subject_pair WHERE sender = $1 AND kid = $2
