INSERT INTO batch (sender, digest, received_at, records, receipt, generation, cycle, accepted, added, removed,
    batch_schema, rules, agent, payload)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
