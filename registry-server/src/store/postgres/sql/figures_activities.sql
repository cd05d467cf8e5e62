SELECT sender, month, unit, programme, sex, age_group, started, ended, ongoing FROM activity ORDER BY sender, record_key
