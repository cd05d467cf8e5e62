INSERT INTO outcome (sender, treatment, instrument, comparison, first, second)
SELECT $1, new.* FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::TEXT[], $5::DOUBLE PRECISION[], $6::DOUBLE PRECISION[]) AS new
