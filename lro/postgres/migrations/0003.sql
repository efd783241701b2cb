-- What an operation makes, in a few words for people.
ALTER TABLE operations ADD COLUMN label text NOT NULL DEFAULT '';
