-- What the manifest of a batch said, so that a batch can be looked at by itself: its form, the rules and the version of the agent, and the
-- hash of the whole cycle's content. Batches of before do not tell.

ALTER TABLE batch ADD COLUMN batch_schema TEXT COLLATE "C";
ALTER TABLE batch ADD COLUMN rules TEXT COLLATE "C";
ALTER TABLE batch ADD COLUMN agent TEXT COLLATE "C";
ALTER TABLE batch ADD COLUMN payload TEXT COLLATE "C";
