INSERT INTO disclosure_log (sender, number, disclosed_at, persons, found, documents)
VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM disclosure_log WHERE sender = $1), $2, $3, $4, $5)
