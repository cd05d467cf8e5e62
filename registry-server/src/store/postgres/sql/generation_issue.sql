INSERT INTO generation (sender, state_id, generation, issued_at)
VALUES ($1, $2, (SELECT COALESCE(MAX(generation), 0) + 1 FROM generation WHERE sender = $1), $3)
ON CONFLICT (sender, state_id) DO NOTHING
