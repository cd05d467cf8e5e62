DELETE FROM cut_outcome USING UNNEST($2::BIGINT[], $3::BIGINT[]) AS gone (cut, treatment)
WHERE sender = $1 AND cut_outcome.cut = gone.cut AND cut_outcome.treatment = gone.treatment
