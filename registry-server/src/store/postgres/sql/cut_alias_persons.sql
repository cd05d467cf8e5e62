SELECT DISTINCT cut, subject FROM cut_alias WHERE sender = $1 AND s = ANY ($2)
