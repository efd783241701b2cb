-- cancel_requested is a cancel that came after the point of no return; receipt
-- is how the outcome is told from others once that was passed; redos is how
-- often shards were asked for again.
ALTER TABLE operations ADD COLUMN cancel_requested INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operations ADD COLUMN receipt BLOB;
ALTER TABLE operations ADD COLUMN redos INTEGER NOT NULL DEFAULT 0;

-- claim_time is when a task was claimed, by the machine's clock; suspicions is
-- how often it was there when a server died that may have died of another.
ALTER TABLE op_tasks ADD COLUMN claim_time INTEGER NOT NULL DEFAULT 0;
ALTER TABLE op_tasks ADD COLUMN suspicions INTEGER NOT NULL DEFAULT 0;

-- How much of one owner and parent is under way is counted at each start; and it
-- is the way to all that is under way.
CREATE INDEX operations_by_party ON operations (owner, parent) WHERE end_time IS NULL;
