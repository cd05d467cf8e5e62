SELECT sender, month, dated, counts_for, region, programme, instrument, comparison, firsts, seconds, pairs
FROM cell WHERE dated = $1 AND counts_for IN ('both', $2)
    AND ($3::TEXT[] IS NULL OR instrument = ANY ($3)) AND ($4::TEXT[] IS NULL OR comparison = ANY ($4))
