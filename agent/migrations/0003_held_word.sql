-- The local word behind a held row (programme, unit, status, instrument or timepoint), never a value of a person; and the unit that
-- the row names, whose list it belongs on. Empty where there is none that may be kept.
ALTER TABLE held ADD COLUMN word TEXT NOT NULL DEFAULT '';
ALTER TABLE held ADD COLUMN unit TEXT NOT NULL DEFAULT '';
