WITH gone AS (DELETE FROM treatment WHERE sender = $1 AND record_key = ANY ($2) RETURNING id, record_key),
    followups AS (DELETE FROM followup WHERE sender = $1 AND treatment IN (SELECT id FROM gone)),
    outcomes AS (DELETE FROM outcome WHERE sender = $1 AND treatment IN (SELECT id FROM gone))
SELECT record_key, id FROM gone
