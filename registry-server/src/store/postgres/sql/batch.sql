INSERT INTO batch (sender, digest, received_at, records, receipt, generation, cycle, accepted, added, removed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
