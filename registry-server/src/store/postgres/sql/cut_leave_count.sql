UPDATE cut_share SET withdrawn_persons = withdrawn_persons + $3, withdrawn_treatments = withdrawn_treatments + $4
WHERE sender = $1 AND cut = $2
