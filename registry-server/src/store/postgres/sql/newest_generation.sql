SELECT COALESCE(MAX(generation), 0) FROM generation WHERE sender = $1
