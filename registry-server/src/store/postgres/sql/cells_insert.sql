INSERT INTO cell (sender, month, dated, counts_for, region, programme, instrument, comparison, firsts, seconds, pairs)
SELECT $1, UNNEST($2::TEXT[]), UNNEST($3::TEXT[]), UNNEST($4::TEXT[]), UNNEST($5::TEXT[]), UNNEST($6::TEXT[]), UNNEST($7::TEXT[]),
    UNNEST($8::TEXT[]), UNNEST($9::BIGINT[]), UNNEST($10::BIGINT[]), UNNEST($11::BYTEA[])
