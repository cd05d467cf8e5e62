INSERT INTO series_break (number, region, unit, programme, begins_on, note, recorded_at)
SELECT COALESCE(MAX(number), 0) + 1, $1, $2, $3, $4, $5, $6 FROM series_break
