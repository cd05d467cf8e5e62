-- Why tables were not built, in Swedish beside the English; of what failed before it stands in English alone.

ALTER TABLE extract_job ADD COLUMN why_sv TEXT COLLATE "C" NOT NULL DEFAULT '';
