INSERT INTO erasure (sender, number, digest, state_id, received_at, case_number, persons, found, treatments, receipt)
VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM erasure WHERE sender = $1), $2, $3, $4, $5, $6, $7, $8, $9)
