SELECT part, document FROM cut_part WHERE cut = $1
