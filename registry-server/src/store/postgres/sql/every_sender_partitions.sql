SELECT make_partitions(code) FROM sender
