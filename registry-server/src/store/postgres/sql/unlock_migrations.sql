SELECT pg_advisory_unlock(hashtext('registry-server migrations'))
