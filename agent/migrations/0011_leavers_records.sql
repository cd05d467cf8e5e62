-- Records of persons who left that the register may hold under somebody else's name, because a correction had not arrived there: an
-- erasure does not reach them. They are taken back, and forgotten once a receipt says so. Whole keys.
CREATE TABLE leavers_record (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
