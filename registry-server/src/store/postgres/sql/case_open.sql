INSERT INTO case_file (number, opened_on, deadline, note)
VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM case_file), $1, $2, $3) RETURNING number
