SELECT substr(ended_on, 1, 7), COUNT(*) FROM treatment WHERE sender = $1 GROUP BY 1 ORDER BY 1
