SELECT treatment, subject FROM cut_treatment WHERE cut = $1
