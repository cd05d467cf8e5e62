SELECT number, deadline, opened_on FROM case_file
WHERE closed_on IS NULL AND NOT EXISTS (
    SELECT 1 FROM case_answer WHERE sender = $1 AND case_answer.number = case_file.number)
ORDER BY number
