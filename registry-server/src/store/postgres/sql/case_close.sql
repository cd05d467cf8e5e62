UPDATE case_file SET closed_on = COALESCE(closed_on, $1) WHERE number = $2 RETURNING number
