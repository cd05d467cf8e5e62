DELETE FROM cut_followup USING UNNEST($2::BIGINT[], $3::BIGINT[]) AS gone (cut, treatment)
WHERE sender = $1 AND cut_followup.cut = gone.cut AND cut_followup.treatment = gone.treatment
