-- Arrays that are unfolded in the selection cost half of what they cost in FROM, where each becomes a table of its own first.
INSERT INTO treatment (sender, record_key, generation, counter, content_hash, subject, programme, programme_version,
    unit, unit_end, status, end_reason, started_on, ended_on, sex, birth_year, diagnosis, document, first_received)
SELECT $1, UNNEST($2::TEXT[]), UNNEST($3::BIGINT[]), UNNEST($4::BIGINT[]), UNNEST($5::BYTEA[]), UNNEST($6::BIGINT[]),
    UNNEST($7::TEXT[]), UNNEST($8::TEXT[]), UNNEST($9::TEXT[]), UNNEST($10::TEXT[]), UNNEST($11::TEXT[]), UNNEST($12::TEXT[]),
    UNNEST($13::TEXT[]), UNNEST($14::TEXT[]), UNNEST($15::TEXT[]), UNNEST($16::SMALLINT[]), UNNEST($17::TEXT[]),
    UNNEST($18::TEXT[]), $19
RETURNING record_key, id
