SELECT pg_try_advisory_lock(hashtext('registry-server erasures'))
