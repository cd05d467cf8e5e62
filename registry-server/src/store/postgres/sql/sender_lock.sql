SELECT status FROM sender WHERE code = $1 FOR NO KEY UPDATE
