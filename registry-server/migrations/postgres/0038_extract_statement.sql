-- What is stated of how whole a frozen data set is: fixed when it is asked for first, with the counts that it was worked out from.

CREATE TABLE extract_statement (
    cut  BIGINT PRIMARY KEY REFERENCES cut (number),
    kept TEXT COLLATE "C" NOT NULL,
    at   TEXT COLLATE "C" NOT NULL
);
