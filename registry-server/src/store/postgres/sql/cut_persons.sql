UPDATE cut_treatment SET person = joined.person
FROM UNNEST($2::TEXT[], $3::BIGINT[], $4::BIGINT[]) AS joined (sender, treatment, person)
WHERE cut_treatment.sender = joined.sender AND cut = $1 AND cut_treatment.treatment = joined.treatment
