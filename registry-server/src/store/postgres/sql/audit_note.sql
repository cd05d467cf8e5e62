INSERT INTO audit_pending (leaf, event, salt) VALUES ($1, $2, $3)
