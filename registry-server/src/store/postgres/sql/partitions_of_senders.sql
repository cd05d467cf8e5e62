SELECT format('%I.%I', part.relnamespace::regnamespace::TEXT, part.relname) FROM pg_inherits
JOIN pg_class AS part ON part.oid = inhrelid JOIN pg_class AS parent ON parent.oid = inhparent
WHERE parent.relkind = 'p' AND parent.relnamespace = current_schema()::regnamespace
    AND part.relname IN (SELECT parent.relname || '_' || lower(sender) FROM UNNEST($1::TEXT[]) AS sender)
ORDER BY part.relname
