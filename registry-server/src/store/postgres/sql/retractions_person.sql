UPDATE retraction SET person = new.person FROM UNNEST($2::TEXT[], $3::BYTEA[]) AS new (record_key, person)
WHERE sender = $1 AND retraction.record_key = new.record_key
