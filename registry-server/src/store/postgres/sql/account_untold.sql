SELECT COUNT(*) FROM batch WHERE sender = $1 AND added IS NULL
