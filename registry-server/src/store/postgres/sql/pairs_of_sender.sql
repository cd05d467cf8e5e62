SELECT one, other FROM subject_pair WHERE sender = $1 AND says = 'merge'
