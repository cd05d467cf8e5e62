SELECT sender, unit, county, care_level, ownership, successor_id FROM unit ORDER BY sender, unit
