INSERT INTO batch (sender, digest, received_at, records, receipt) VALUES ($1, $2, $3, $4, $5)
