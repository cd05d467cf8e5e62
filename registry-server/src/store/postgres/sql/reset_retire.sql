UPDATE sender_key SET status = 'retired' WHERE sender = $1
