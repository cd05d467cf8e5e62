-- In which form the newest batch of a sender was written, as its manifest says.

ALTER TABLE sender_told ADD COLUMN batch_schema TEXT;
