INSERT INTO case_answer (sender, number, answer, answered_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (sender, number) DO UPDATE SET answer = EXCLUDED.answer, answered_at = EXCLUDED.answered_at
WHERE case_answer.answer = 'none_found' AND EXCLUDED.answer = 'withdrawn'
