DELETE FROM audit_pending WHERE leaf = ANY($1::BYTEA[])
