SELECT s FROM treatment JOIN alias ON alias.sender = $1 AND alias.subject = treatment.subject
WHERE treatment.sender = $1 AND record_key = ANY ($2)
