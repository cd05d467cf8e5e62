SELECT sender, number, answer, answered_at FROM case_answer ORDER BY sender, number
