INSERT INTO cell_group (sender, month, dated, counts_for, region, programme, treatments, completed, first_on, last_on)
SELECT $1, UNNEST($2::TEXT[]), UNNEST($3::TEXT[]), UNNEST($4::TEXT[]), UNNEST($5::TEXT[]), UNNEST($6::TEXT[]), UNNEST($7::BIGINT[]),
    UNNEST($8::BIGINT[]), UNNEST($9::TEXT[]), UNNEST($10::TEXT[])
