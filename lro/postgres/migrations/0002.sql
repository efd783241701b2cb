-- What was used, by day and by whom.
CREATE TABLE sums (
    day     text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    what    text COLLATE "C" NOT NULL,
    n       bigint NOT NULL,
    PRIMARY KEY (day, account, what)
) WITH (fillfactor = 50);

-- The groups that an operation is counted in while it is under way.
ALTER TABLE operations ADD COLUMN counted_in text[] NOT NULL DEFAULT '{}';
