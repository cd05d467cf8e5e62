WITH followups AS (DELETE FROM followup WHERE sender = $1 AND treatment = ANY ($2))
DELETE FROM outcome WHERE sender = $1 AND treatment = ANY ($2)
