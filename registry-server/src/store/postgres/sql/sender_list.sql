SELECT code, status, enrolled_at,
    (SELECT COALESCE(MAX(generation), 0) FROM generation WHERE sender = code) AS generation,
    (SELECT COUNT(*) FROM treatment WHERE sender = code AND (coming IS NULL OR treatment.generation < coming)) AS treatments,
    schedule, timezone, agent, last_seen_at, paused_until, pause_reason
FROM sender ORDER BY code
