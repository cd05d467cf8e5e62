INSERT INTO population (region, year, sex, age_from, age_to, population, imported_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
