SELECT make_partitions($1)
