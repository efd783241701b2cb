-- What was used, by day and by whom.
CREATE TABLE sums (
    day     TEXT NOT NULL,
    account TEXT NOT NULL,
    what    TEXT NOT NULL,
    n       INTEGER NOT NULL,
    PRIMARY KEY (day, account, what)
) STRICT, WITHOUT ROWID;

-- The groups that an operation is counted in while it is under way, as a JSON array.
ALTER TABLE operations ADD COLUMN counted_in TEXT NOT NULL DEFAULT '[]';
