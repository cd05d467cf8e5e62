INSERT INTO cut_part (cut, part, document) SELECT $1, * FROM UNNEST($2::TEXT[], $3::TEXT[])
