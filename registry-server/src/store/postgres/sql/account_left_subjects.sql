WITH gone AS (
    DELETE FROM subject WHERE sender = $1
        AND NOT EXISTS (SELECT 1 FROM treatment WHERE treatment.sender = $1 AND treatment.subject = subject.id)
    RETURNING id
)
DELETE FROM alias WHERE sender = $1 AND subject IN (SELECT id FROM gone)
