SELECT number, region, unit, programme, begins_on, note FROM series_break ORDER BY number
