SELECT number, name, note, made_at, treatments, hash, code_lists, thresholds, definitions FROM cut ORDER BY number
