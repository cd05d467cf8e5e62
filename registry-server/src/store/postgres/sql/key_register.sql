INSERT INTO sender_key (sender, kid, status, registered_at) VALUES ($1, $2, 'active', $3)
