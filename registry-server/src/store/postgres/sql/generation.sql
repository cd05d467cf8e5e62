SELECT generation FROM generation WHERE sender = $1 AND state_id = $2
