WITH treatments AS (DELETE FROM cut_treatment WHERE sender = $1),
    outcomes AS (DELETE FROM cut_outcome WHERE sender = $1),
    followups AS (DELETE FROM cut_followup WHERE sender = $1),
    names AS (DELETE FROM cut_alias WHERE sender = $1)
UPDATE cut_share SET replaced_treatments = treatments - withdrawn_treatments WHERE sender = $1
