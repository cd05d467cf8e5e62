SELECT status FROM sender_key WHERE sender = $1 AND kid = $2
