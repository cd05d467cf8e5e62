SELECT tablename::TEXT FROM pg_tables WHERE schemaname = current_schema()
