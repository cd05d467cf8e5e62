-- The first change ever counted marks everything: what was there before has no cells. Where everything is marked, no month need be.
-- One look into the index for each key.
WITH counted AS (
    INSERT INTO cell_mark (sender, month, change) VALUES ($1, '*', 1)
    ON CONFLICT (sender, month) DO UPDATE SET change = cell_mark.change + 1 RETURNING change
), gone AS (
    SELECT started_on, ended_on FROM UNNEST($3::TEXT[]) AS gone (record_key) CROSS JOIN LATERAL (
        SELECT started_on, ended_on FROM treatment WHERE sender = $1 AND treatment.record_key = gone.record_key LIMIT 1
    ) AS found
    UNION SELECT started_on, ended_on FROM treatment WHERE sender = $1 AND subject = ANY ($4)
), touched (month) AS (
    SELECT UNNEST($2::TEXT[]) UNION SELECT '' FROM counted WHERE change = 1
    UNION SELECT SUBSTR(started_on, 1, 7) FROM gone UNION SELECT SUBSTR(ended_on, 1, 7) FROM gone
)
INSERT INTO cell_mark (sender, month, change)
SELECT DISTINCT $1, CASE WHEN change = 1 OR EXISTS (SELECT 1 FROM cell_mark WHERE sender = $1 AND month = '') THEN ''
    ELSE touched.month END, change
FROM counted CROSS JOIN touched
ON CONFLICT (sender, month) DO UPDATE SET change = EXCLUDED.change
