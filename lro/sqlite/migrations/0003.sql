-- The tasks are their own queue. epoch fences: it grows by one with each claim and
-- never shrinks. Of a lane what is due longest comes first. Tasks outside of their
-- operation's window are WAITING.
CREATE TABLE tasks (
    op         TEXT NOT NULL,
    idx        INTEGER NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('shard', 'finish', 'discard')),
    state      TEXT NOT NULL CHECK (state IN ('WAITING', 'READY', 'RUNNING', 'DONE')),
    epoch      INTEGER NOT NULL DEFAULT 0,
    lane       INTEGER NOT NULL,
    due        INTEGER NOT NULL DEFAULT 0,
    claim_time INTEGER NOT NULL DEFAULT 0,
    shards     INTEGER NOT NULL,
    party      TEXT NOT NULL,
    tries      INTEGER NOT NULL DEFAULT 0,
    failures   INTEGER NOT NULL DEFAULT 0,
    crashes    INTEGER NOT NULL DEFAULT 0,
    suspicions INTEGER NOT NULL DEFAULT 0,
    weight     INTEGER NOT NULL DEFAULT 0,
    result     BLOB,
    PRIMARY KEY (op, idx)
) STRICT, WITHOUT ROWID;

-- What was dispatched before is urgent now. The epoch goes on from the number that
-- named an attempt's scratch; the parties of what is under way are counted anew, by
-- operation.
INSERT INTO tasks (op, idx, role, state, epoch, lane, claim_time, shards, party, failures, crashes, suspicions, weight, result)
    SELECT t.op, t.idx, t.role, CASE WHEN t.state = 'PENDING' AND t.job IS NULL THEN 'WAITING' WHEN t.state = 'PENDING' THEN 'READY' ELSE t.state END,
        max(coalesce(t.job, 0), 0), CASE WHEN t.role = 'discard' THEN 5 WHEN o.shards <= 1 THEN 3 ELSE 0 END,
        t.claim_time, o.shards, t.op, t.failures, t.crashes, t.suspicions, t.weight, t.result
    FROM op_tasks t JOIN operations o ON o.id = t.op;

-- An operation that has ended needs its Discard only.
UPDATE tasks SET state = 'DONE' WHERE role <> 'discard' AND state <> 'DONE'
    AND op IN (SELECT id FROM operations WHERE end_time IS NOT NULL);

DROP TABLE op_tasks;
ALTER TABLE tasks RENAME TO op_tasks;

CREATE INDEX op_tasks_ready ON op_tasks (lane, due, op, idx) WHERE state = 'READY';
CREATE INDEX op_tasks_running ON op_tasks (op, idx) WHERE state = 'RUNNING';

-- What a node must be able to do, as a JSON array.
ALTER TABLE operations ADD COLUMN needs TEXT NOT NULL DEFAULT '[]';
UPDATE operations SET needs = json_array('kind:' || kind);

-- Earlier versions kept a second queue.
DROP TABLE IF EXISTS river_client_queue;
DROP TABLE IF EXISTS river_client;
DROP TABLE IF EXISTS river_job;
DROP TABLE IF EXISTS river_leader;
DROP TABLE IF EXISTS river_queue;
DROP TABLE IF EXISTS river_notification;
DROP TABLE IF EXISTS river_migration;
