UPDATE sender SET drift = (SELECT COUNT(*) FROM treatment WHERE sender = $1)
    - (SELECT COALESCE(SUM(added) - SUM(removed), 0)::BIGINT FROM batch WHERE sender = $1)
    + (SELECT COALESCE(SUM(treatments), 0)::BIGINT FROM erasure WHERE sender = $1)
WHERE code = $1
