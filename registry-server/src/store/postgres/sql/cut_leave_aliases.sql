DELETE FROM cut_alias USING UNNEST($2::BIGINT[], $3::BIGINT[]) AS gone (cut, subject)
WHERE sender = $1 AND cut_alias.cut = gone.cut AND cut_alias.subject = gone.subject
