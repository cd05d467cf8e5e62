WITH marked AS (SELECT month FROM cell_mark WHERE sender = $1),
    gone AS (DELETE FROM cell WHERE sender = $1
        AND (month IN (SELECT month FROM marked) OR EXISTS (SELECT 1 FROM marked WHERE month = '')))
DELETE FROM cell_group WHERE sender = $1
    AND (month IN (SELECT month FROM marked) OR EXISTS (SELECT 1 FROM marked WHERE month = ''))
