SELECT size, signed, peaks FROM audit_checkpoint ORDER BY size DESC LIMIT 1
