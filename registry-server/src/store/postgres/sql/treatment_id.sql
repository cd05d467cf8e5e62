SELECT setval('treatment_id', GREATEST($1, (SELECT last_value FROM treatment_id)))
