UPDATE sender SET compared_at = $2, compared = $3, drift = CASE $3 WHEN 'equal' THEN
    (SELECT COUNT(*) FROM treatment WHERE sender = $1)
    - (SELECT COALESCE(SUM(added) - SUM(removed), 0)::BIGINT FROM batch WHERE sender = $1)
    + (SELECT COALESCE(SUM(treatments), 0)::BIGINT FROM erasure WHERE sender = $1)
    ELSE drift END
WHERE code = $1
