SELECT kid, status = 'active' FROM sender_key WHERE sender = $1
