INSERT INTO audit_leaf (position, leaf, event, salt)
SELECT * FROM UNNEST($1::BIGINT[], $2::BYTEA[], $3::TEXT[], $4::BYTEA[])
