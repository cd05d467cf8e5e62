SELECT id, region, unit, programme, month, ended, source, counted_on FROM denominator ORDER BY id
