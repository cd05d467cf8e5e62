INSERT INTO run (sender, record_key, generation, counter, content_hash, cycle, reading, counted, month, unit, programme,
    found, accepted, unchanged, rejected, held, excluded, pending, reasons)
SELECT $1, new.* FROM UNNEST($2::TEXT[], $3::BIGINT[], $4::BIGINT[], $5::BYTEA[], $6::BIGINT[], $7::TEXT[], $8::TEXT[],
    $9::TEXT[], $10::TEXT[], $11::TEXT[], $12::BIGINT[], $13::BIGINT[], $14::BIGINT[], $15::BIGINT[], $16::BIGINT[],
    $17::BIGINT[], $18::BIGINT[], $19::TEXT[]) AS new
ON CONFLICT (sender, record_key) DO UPDATE SET generation = EXCLUDED.generation, counter = EXCLUDED.counter,
    content_hash = EXCLUDED.content_hash, cycle = EXCLUDED.cycle, reading = EXCLUDED.reading, counted = EXCLUDED.counted,
    month = EXCLUDED.month, unit = EXCLUDED.unit, programme = EXCLUDED.programme, found = EXCLUDED.found,
    accepted = EXCLUDED.accepted, unchanged = EXCLUDED.unchanged, rejected = EXCLUDED.rejected, held = EXCLUDED.held,
    excluded = EXCLUDED.excluded, pending = EXCLUDED.pending, reasons = EXCLUDED.reasons
