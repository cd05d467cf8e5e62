-- A message of a file's size, which nobody reads, moves the log on to the next file; whoever may connect may write one.
SELECT pg_logical_emit_message(FALSE, 'registry-server', repeat('0', setting::INT))::TEXT FROM pg_settings
WHERE name = 'wal_segment_size'
