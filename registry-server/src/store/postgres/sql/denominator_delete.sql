DELETE FROM denominator WHERE region = $1 AND unit IS NOT DISTINCT FROM $2 AND programme IS NOT DISTINCT FROM $3 AND month = $4
