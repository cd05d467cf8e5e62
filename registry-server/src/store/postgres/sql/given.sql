SELECT COALESCE(MAX(generation), 0), MAX(generation) FILTER (WHERE state_id = $2), (SELECT coming FROM sender WHERE code = $1)
FROM generation WHERE sender = $1
