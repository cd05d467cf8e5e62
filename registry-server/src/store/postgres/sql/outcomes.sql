INSERT INTO outcome (sender, treatment, instrument, pre, post, first, last, carried)
SELECT $1, new.* FROM UNNEST($2::BIGINT[], $3::TEXT[], $4::DOUBLE PRECISION[], $5::DOUBLE PRECISION[],
    $6::DOUBLE PRECISION[], $7::DOUBLE PRECISION[], $8::DOUBLE PRECISION[]) AS new
