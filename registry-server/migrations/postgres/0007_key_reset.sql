-- A sender whose keys were lost sends its whole set again under new ones. `coming` is the generation from which on its rows are that new
-- set, which does not count before it replaces the old one; nothing in it: all rows count.

ALTER TABLE sender ADD COLUMN coming BIGINT;

CREATE VIEW coming_treatment AS
SELECT treatment.id FROM sender JOIN treatment ON treatment.sender = sender.code
WHERE sender.coming IS NOT NULL AND treatment.generation >= sender.coming;
