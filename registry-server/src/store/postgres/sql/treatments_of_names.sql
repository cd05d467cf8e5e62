SELECT DISTINCT id FROM alias JOIN treatment ON treatment.sender = alias.sender AND treatment.subject = alias.subject
WHERE alias.sender = $1 AND s = ANY ($2)
