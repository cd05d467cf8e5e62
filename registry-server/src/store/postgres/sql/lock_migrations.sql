SELECT pg_advisory_lock(hashtext('registry-server migrations'))
