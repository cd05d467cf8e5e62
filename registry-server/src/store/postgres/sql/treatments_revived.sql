UPDATE treatment SET id = had.id FROM UNNEST($2::TEXT[], $3::BIGINT[]) AS had (record_key, id)
WHERE sender = $1 AND treatment.record_key = had.record_key
