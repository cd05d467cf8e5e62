SELECT sender, unit, programme, SUBSTR(ended_on, 1, 7), COUNT(*)
FROM treatment WHERE id NOT IN (SELECT id FROM coming_treatment)
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
