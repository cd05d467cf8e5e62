-- The plan travels in the manifest, so that the register can tell late from planned; cycles of older agents have none.

ALTER TABLE cycle ADD COLUMN schedule TEXT;
ALTER TABLE cycle ADD COLUMN timezone TEXT;
