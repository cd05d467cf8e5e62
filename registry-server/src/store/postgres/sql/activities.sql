INSERT INTO activity (sender, record_key, generation, counter, content_hash, month, unit, programme, sex, age_group,
    started, ended, ongoing)
SELECT $1, new.* FROM UNNEST($2::TEXT[], $3::BIGINT[], $4::BIGINT[], $5::BYTEA[], $6::TEXT[], $7::TEXT[], $8::TEXT[],
    $9::TEXT[], $10::TEXT[], $11::BIGINT[], $12::BIGINT[], $13::BIGINT[]) AS new
ON CONFLICT (sender, record_key) DO UPDATE SET generation = EXCLUDED.generation, counter = EXCLUDED.counter,
    content_hash = EXCLUDED.content_hash, month = EXCLUDED.month, unit = EXCLUDED.unit, programme = EXCLUDED.programme,
    sex = EXCLUDED.sex, age_group = EXCLUDED.age_group, started = EXCLUDED.started, ended = EXCLUDED.ended,
    ongoing = EXCLUDED.ongoing
