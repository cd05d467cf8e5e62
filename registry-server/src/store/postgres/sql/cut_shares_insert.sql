INSERT INTO cut_share (sender, cut, treatments, hash, withdrawn_persons, withdrawn_treatments, replaced_treatments)
SELECT sender, $1, treatments, hash, 0, 0, 0 FROM UNNEST($2::TEXT[], $3::BIGINT[], $4::TEXT[]) AS share (sender, treatments, hash)
