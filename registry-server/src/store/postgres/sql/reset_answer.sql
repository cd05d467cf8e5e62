SELECT COUNT(treatment.id) FILTER (WHERE coming IS NULL OR generation < coming), COUNT(treatment.id) FILTER (WHERE generation >= coming),
    MAX(coming) IS NULL
FROM sender LEFT JOIN treatment ON treatment.sender = code WHERE code = $1
