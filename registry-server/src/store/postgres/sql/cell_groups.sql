SELECT sender, month, dated, counts_for, region, programme, treatments, completed, first_on, last_on
FROM cell_group WHERE dated = $1 AND counts_for IN ('both', $2)
