-- A name stays as long as the cut holds a treatment of it.
DELETE FROM cut_alias USING (SELECT DISTINCT * FROM UNNEST($2::BIGINT[], $3::BIGINT[])) AS gone (cut, subject)
WHERE sender = $1 AND cut_alias.cut = gone.cut AND cut_alias.subject = gone.subject
    AND NOT EXISTS (SELECT 1 FROM cut_treatment AS held
        WHERE held.sender = $1 AND held.cut = gone.cut AND held.subject = gone.subject)
