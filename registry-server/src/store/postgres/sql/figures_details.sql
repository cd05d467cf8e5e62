SELECT id, document FROM treatment WHERE id NOT IN (SELECT id FROM coming_treatment) ORDER BY id
