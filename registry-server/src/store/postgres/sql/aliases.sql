INSERT INTO alias (sender, kid, s, subject)
SELECT $1, $2, s, subject FROM UNNEST($3::BYTEA[], $4::BIGINT[]) AS new (s, subject)
