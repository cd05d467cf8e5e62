SELECT setval('population_id_seq', GREATEST($1, (SELECT last_value FROM population_id_seq)))
