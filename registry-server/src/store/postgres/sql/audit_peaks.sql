SELECT peaks FROM audit_checkpoint WHERE size = $1
