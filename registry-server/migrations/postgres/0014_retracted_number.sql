-- The number that a treatment had before it was taken back: a frozen data set may hold it under that number and another person's name, so
-- that it leaves with whom it was last known to be of, and keeps the number when it is delivered again.

ALTER TABLE retraction ADD COLUMN treatment BIGINT;
