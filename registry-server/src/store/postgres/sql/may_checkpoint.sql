SELECT COALESCE(bool_or(pg_has_role(current_user, oid, 'USAGE')), FALSE) FROM pg_roles
WHERE rolname = 'pg_checkpoint' OR (rolname = current_user AND rolsuper)
