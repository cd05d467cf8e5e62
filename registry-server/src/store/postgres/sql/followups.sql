-- Arrays that are unfolded in the selection cost half of what they cost in FROM, where each becomes a table of its own first.
INSERT INTO followup (sender, treatment, instrument, months, pre, score)
SELECT $1, UNNEST($2::BIGINT[]), UNNEST($3::TEXT[]), UNNEST($4::SMALLINT[]), UNNEST($5::DOUBLE PRECISION[]),
    UNNEST($6::DOUBLE PRECISION[])
