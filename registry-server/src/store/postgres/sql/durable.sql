SELECT CASE
    WHEN current_setting('synchronous_commit') IN ('on', 'remote_apply') THEN current_setting('synchronous_commit')
    ELSE set_config('synchronous_commit', 'on', FALSE)
END
