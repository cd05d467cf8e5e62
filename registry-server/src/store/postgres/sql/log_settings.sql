SELECT current_setting('wal_recycle')::BOOLEAN AS recycles, current_setting('archive_mode') <> 'off' AS archives,
    (SELECT setting <> '0' FROM pg_settings WHERE name = 'wal_keep_size') AS keeps
