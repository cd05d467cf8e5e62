INSERT INTO followup (sender, treatment, instrument, months, pre, score)
SELECT $1, new.* FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::SMALLINT[], $5::DOUBLE PRECISION[], $6::DOUBLE PRECISION[]) AS new
