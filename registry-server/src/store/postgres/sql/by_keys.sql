-- Pages are few rows found by their keys. A table that was filled a minute ago is still planned for as if it were empty, and would be
-- read whole for each page.
SELECT set_config('enable_seqscan', 'off', TRUE), set_config('enable_bitmapscan', 'off', TRUE), set_config('enable_sort', 'off', TRUE)
