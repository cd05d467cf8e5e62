DELETE FROM cell_mark WHERE sender = $1
    AND (month, change) IN (SELECT month, change FROM UNNEST($2::TEXT[], $3::BIGINT[]) AS made (month, change))
RETURNING month
