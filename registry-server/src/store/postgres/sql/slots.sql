SELECT slot_name::TEXT FROM pg_replication_slots WHERE NOT active ORDER BY slot_name
