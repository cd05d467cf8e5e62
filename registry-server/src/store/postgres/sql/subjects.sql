INSERT INTO subject (id, sender) SELECT id, $1 FROM UNNEST($2::BIGINT[]) AS new (id)
