-- How many persons had been withdrawn from a frozen data set when it was read for a table; of tables that left before it was kept, nobody.

ALTER TABLE extract_release ADD COLUMN left_before INTEGER NOT NULL DEFAULT 0;
