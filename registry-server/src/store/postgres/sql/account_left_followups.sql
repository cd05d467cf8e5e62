DELETE FROM followup WHERE sender = $1
    AND NOT EXISTS (SELECT 1 FROM treatment WHERE treatment.sender = $1 AND treatment.id = followup.treatment)
