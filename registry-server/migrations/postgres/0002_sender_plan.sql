-- What a sender's newest batch says of its agent, and the silence that it has planned.

ALTER TABLE sender ADD COLUMN schedule TEXT COLLATE "C";
ALTER TABLE sender ADD COLUMN timezone TEXT COLLATE "C";
ALTER TABLE sender ADD COLUMN last_seen_at TEXT COLLATE "C";
ALTER TABLE sender ADD COLUMN agent TEXT COLLATE "C";
ALTER TABLE sender ADD COLUMN paused_until TEXT COLLATE "C";
ALTER TABLE sender ADD COLUMN pause_reason TEXT COLLATE "C";
