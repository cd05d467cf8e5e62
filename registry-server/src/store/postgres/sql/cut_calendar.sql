INSERT INTO cut_calendar (cut, year, stop_on, comments_until) VALUES ($1, $2, $3, $4)
