SELECT sender, unit, county, care_level, ownership, successor_id, name FROM unit ORDER BY sender, unit
