SELECT generation, cycle, MAX(received_at), SUM(accepted)::BIGINT, SUM(added)::BIGINT, SUM(removed)::BIGINT FROM batch
WHERE sender = $1 AND added IS NOT NULL GROUP BY generation, cycle ORDER BY generation, cycle
