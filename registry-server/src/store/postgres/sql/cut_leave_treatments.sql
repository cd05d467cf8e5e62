DELETE FROM cut_treatment
WHERE sender = $1 AND (cut, treatment) IN (
    SELECT held.cut, held.treatment FROM UNNEST($2::BIGINT[], $3::BIGINT[]) AS gone (cut, subject)
    JOIN cut_treatment AS held ON held.sender = $1 AND held.cut = gone.cut AND held.subject = gone.subject
    UNION SELECT number, gone FROM cut CROSS JOIN UNNEST($4::BIGINT[]) AS gone
)
RETURNING cut, treatment, person, subject
