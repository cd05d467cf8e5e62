SELECT leaf, event, salt FROM audit_pending LIMIT $1
