-- What a sender's newest batch says of its agent, and the silence that it has planned.

ALTER TABLE sender ADD COLUMN schedule TEXT;
ALTER TABLE sender ADD COLUMN timezone TEXT;
ALTER TABLE sender ADD COLUMN last_seen_at TEXT;
ALTER TABLE sender ADD COLUMN agent TEXT;
ALTER TABLE sender ADD COLUMN paused_until TEXT;
ALTER TABLE sender ADD COLUMN pause_reason TEXT;
