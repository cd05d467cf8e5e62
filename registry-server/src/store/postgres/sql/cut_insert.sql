INSERT INTO cut (number, name, note, made_at, treatments, hash, code_lists, thresholds, definitions)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
