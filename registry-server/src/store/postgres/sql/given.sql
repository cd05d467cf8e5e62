SELECT COALESCE(MAX(generation), 0), MAX(generation) FILTER (WHERE state_id = $2) FROM generation WHERE sender = $1
