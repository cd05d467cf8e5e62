-- Who remarked something on a year's figures when signed in: one remark a person and cut, which may be changed.

ALTER TABLE cut_comment ADD COLUMN web_user BIGINT REFERENCES web_user (number);
ALTER TABLE cut_comment ADD COLUMN role TEXT COLLATE "C";
CREATE UNIQUE INDEX cut_comment_person ON cut_comment (cut, web_user);
