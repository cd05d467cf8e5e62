INSERT INTO unit (sender, unit, generation, counter, content_hash, name, care_level, ownership, county, care_provider_id,
    municipality, valid_from, valid_to, successor_id)
SELECT $1, new.* FROM UNNEST($2::TEXT[], $3::BIGINT[], $4::BIGINT[], $5::BYTEA[], $6::TEXT[], $7::TEXT[], $8::TEXT[],
    $9::TEXT[], $10::TEXT[], $11::TEXT[], $12::TEXT[], $13::TEXT[], $14::TEXT[]) AS new
ON CONFLICT (sender, unit) DO UPDATE SET generation = EXCLUDED.generation, counter = EXCLUDED.counter,
    content_hash = EXCLUDED.content_hash, name = EXCLUDED.name, care_level = EXCLUDED.care_level,
    ownership = EXCLUDED.ownership, county = EXCLUDED.county, care_provider_id = EXCLUDED.care_provider_id,
    municipality = EXCLUDED.municipality, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to,
    successor_id = EXCLUDED.successor_id
