-- What is stated of how whole a frozen data set is: fixed when it is asked for first, with the counts that it was worked out from.

CREATE TABLE extract_statement (
    cut  INTEGER PRIMARY KEY REFERENCES cut (number),
    kept TEXT NOT NULL,
    at   TEXT NOT NULL
) STRICT;
