SELECT id, region, year, sex, age_from, age_to, population FROM population ORDER BY id
