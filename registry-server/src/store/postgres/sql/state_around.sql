SELECT (SELECT COUNT(*) FROM erasure),
    (SELECT COUNT(*) FROM retraction WHERE reason = 'protected_identity'), (SELECT MAX(number) FROM series_break),
    (SELECT id FROM denominator ORDER BY id DESC LIMIT 1), (SELECT imported_at FROM denominator ORDER BY id DESC LIMIT 1),
    (SELECT id FROM population ORDER BY id DESC LIMIT 1), (SELECT imported_at FROM population ORDER BY id DESC LIMIT 1)
