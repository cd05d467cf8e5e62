SELECT cut, year, stop_on, comments_until, published_at, reason FROM cut_calendar ORDER BY cut
