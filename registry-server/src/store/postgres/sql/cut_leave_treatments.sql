DELETE FROM cut_treatment USING UNNEST($2::BIGINT[], $3::BIGINT[]) AS gone (cut, subject)
WHERE sender = $1 AND cut_treatment.cut = gone.cut AND cut_treatment.subject = gone.subject
RETURNING cut_treatment.cut, treatment, person
