SELECT code, status, changed_at, last_seen_at, paused_until, compared_at, coming, change
FROM sender LEFT JOIN cell_mark ON cell_mark.sender = code AND month = '*' ORDER BY code
