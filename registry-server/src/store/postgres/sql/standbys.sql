SELECT COALESCE(NULLIF(application_name, ''), 'without a name') FROM pg_stat_replication ORDER BY pid
