-- The diary number under which a step was written down; a refusal has one, other steps may. Refusals from before it was a field of its own
-- have it in their comment.

ALTER TABLE request_step ADD COLUMN diary TEXT NOT NULL DEFAULT '';
