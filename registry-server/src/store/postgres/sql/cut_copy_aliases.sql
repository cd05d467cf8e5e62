INSERT INTO cut_alias
SELECT alias.sender, s, $1, kid, alias.subject FROM alias
WHERE EXISTS (SELECT 1 FROM cut_treatment AS frozen
    WHERE frozen.sender = alias.sender AND frozen.cut = $1 AND frozen.subject = alias.subject)
