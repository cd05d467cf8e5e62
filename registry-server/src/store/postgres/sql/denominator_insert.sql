INSERT INTO denominator (region, unit, programme, month, ended, source, counted_on, imported_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
