SELECT code, status, enrolled_at,
    (SELECT MIN(received_at) FROM batch WHERE sender = code AND COALESCE(accepted, 1) > 0) AS first_accepted_at,
    (SELECT MAX(received_at) FROM batch WHERE sender = code AND COALESCE(accepted, 1) > 0) AS last_accepted_at,
    last_seen_at, paused_until, schedule, timezone
FROM sender ORDER BY code
