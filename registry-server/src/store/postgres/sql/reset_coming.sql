SELECT coming FROM sender WHERE code = $1
