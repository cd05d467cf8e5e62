SELECT setval('denominator_id_seq', GREATEST($1, (SELECT last_value FROM denominator_id_seq)))
