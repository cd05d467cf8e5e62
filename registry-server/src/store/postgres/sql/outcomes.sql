-- Arrays that are unfolded in the selection cost half of what they cost in FROM, where each becomes a table of its own first.
INSERT INTO outcome (sender, treatment, instrument, pre, post, first, last, carried)
SELECT $1, UNNEST($2::BIGINT[]), UNNEST($3::TEXT[]), UNNEST($4::DOUBLE PRECISION[]), UNNEST($5::DOUBLE PRECISION[]),
    UNNEST($6::DOUBLE PRECISION[]), UNNEST($7::DOUBLE PRECISION[]), UNNEST($8::DOUBLE PRECISION[])
