SELECT sender, number, disclosed_at, persons, found, documents FROM disclosure_log ORDER BY sender, number
