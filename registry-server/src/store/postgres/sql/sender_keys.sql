SELECT kid FROM sender_key WHERE sender = $1 AND status = 'active' ORDER BY kid
