SELECT COALESCE(MAX(number), 0) + 1 FROM web_user
