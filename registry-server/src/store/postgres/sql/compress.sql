SELECT set_config(name, 'lz4', FALSE) FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
