WITH gone AS (DELETE FROM cell WHERE sender = $1 AND ($2::TEXT[] IS NULL OR month = ANY ($2)))
DELETE FROM cell_group WHERE sender = $1 AND ($2::TEXT[] IS NULL OR month = ANY ($2))
