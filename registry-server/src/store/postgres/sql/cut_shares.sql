SELECT cut, sender, treatments, hash, withdrawn_persons, withdrawn_treatments, replaced_treatments FROM cut_share
ORDER BY sender, cut
