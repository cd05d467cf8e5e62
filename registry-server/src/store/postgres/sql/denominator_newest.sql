SELECT id, imported_at FROM denominator ORDER BY id DESC LIMIT 1
