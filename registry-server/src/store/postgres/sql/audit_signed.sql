INSERT INTO audit_checkpoint (size, signed, peaks) VALUES ($1, $2, $3)
