WITH gone AS (DELETE FROM treatment WHERE sender = $1 AND record_key = ANY ($2) RETURNING id),
    followups AS (DELETE FROM followup WHERE sender = $1 AND treatment IN (SELECT id FROM gone))
DELETE FROM outcome WHERE sender = $1 AND treatment IN (SELECT id FROM gone)
