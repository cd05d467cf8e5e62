SELECT status FROM sender WHERE code = $1
