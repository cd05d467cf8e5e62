INSERT INTO sender (code, status, enrolled_at, changed_at) VALUES ($1, $2, $3, $3)
ON CONFLICT (code) DO NOTHING
