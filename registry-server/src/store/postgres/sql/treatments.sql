INSERT INTO treatment (sender, record_key, generation, counter, content_hash, subject, programme, programme_version,
    unit, unit_end, status, end_reason, started_on, ended_on, sex, birth_year, diagnosis, document, first_received)
SELECT $1, new.*, $19 FROM UNNEST($2::TEXT[], $3::BIGINT[], $4::BIGINT[], $5::BYTEA[], $6::BIGINT[], $7::TEXT[], $8::TEXT[],
    $9::TEXT[], $10::TEXT[], $11::TEXT[], $12::TEXT[], $13::TEXT[], $14::TEXT[], $15::TEXT[], $16::SMALLINT[],
    $17::TEXT[], $18::TEXT[]) AS new
ON CONFLICT (sender, record_key) DO UPDATE SET generation = EXCLUDED.generation, counter = EXCLUDED.counter,
    content_hash = EXCLUDED.content_hash, subject = EXCLUDED.subject, programme = EXCLUDED.programme,
    programme_version = EXCLUDED.programme_version, unit = EXCLUDED.unit, unit_end = EXCLUDED.unit_end,
    status = EXCLUDED.status, end_reason = EXCLUDED.end_reason, started_on = EXCLUDED.started_on,
    ended_on = EXCLUDED.ended_on, sex = EXCLUDED.sex, birth_year = EXCLUDED.birth_year,
    diagnosis = EXCLUDED.diagnosis, document = EXCLUDED.document
RETURNING record_key, id
