SELECT number, opened_on, deadline, note, closed_on FROM case_file ORDER BY number
