-- Times are microseconds since 1970. What Get and List show is in operations
-- alone; requests and payloads, up to megabytes, are kept apart.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE operations (
    id          TEXT NOT NULL PRIMARY KEY,
    parent      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    owner       TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('RUNNING', 'FINALIZING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    create_time INTEGER NOT NULL,
    update_time INTEGER NOT NULL,
    end_time    INTEGER,
    expire_time INTEGER,
    delete_time INTEGER,
    shards      INTEGER NOT NULL,
    shards_done INTEGER NOT NULL DEFAULT 0,
    work_total  INTEGER NOT NULL,
    work_done   INTEGER NOT NULL DEFAULT 0,
    error_code  INTEGER,
    error_msg   TEXT,
    response    BLOB,
    idem_key    TEXT,
    idem_hash   BLOB,
    CHECK ((state IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (end_time IS NOT NULL)),
    CHECK ((state IN ('FAILED', 'CANCELLED')) = (error_code IS NOT NULL)),
    CHECK (state <> 'CANCELLED' OR error_code = 1),
    CHECK (work_done <= work_total AND shards_done <= shards)
) STRICT;

CREATE INDEX operations_by_parent ON operations (owner, parent, create_time DESC, id DESC) WHERE delete_time IS NULL;
CREATE INDEX operations_by_owner ON operations (owner, create_time DESC, id DESC) WHERE delete_time IS NULL;
CREATE INDEX operations_by_expiry ON operations (expire_time) WHERE expire_time IS NOT NULL;
CREATE UNIQUE INDEX operations_by_key ON operations (owner, idem_key) WHERE idem_key IS NOT NULL;

CREATE TABLE op_inputs (
    op      TEXT NOT NULL PRIMARY KEY,
    request BLOB NOT NULL
) STRICT;

CREATE TABLE op_payloads (
    op      TEXT NOT NULL,
    idx     INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (op, idx)
) STRICT;

-- job is the River job that may work on the task, NULL while the task waits
-- outside its operation's window. (job, attempt) is the fencing token.
CREATE TABLE op_tasks (
    op       TEXT NOT NULL,
    idx      INTEGER NOT NULL,
    role     TEXT NOT NULL CHECK (role IN ('shard', 'finish', 'discard')),
    state    TEXT NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'RUNNING', 'DONE')),
    job      INTEGER,
    attempt  INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    crashes  INTEGER NOT NULL DEFAULT 0,
    weight   INTEGER NOT NULL DEFAULT 0,
    result   BLOB,
    PRIMARY KEY (op, idx)
) STRICT, WITHOUT ROWID;

CREATE INDEX op_tasks_by_job ON op_tasks (job) WHERE job IS NOT NULL AND state <> 'DONE';
CREATE INDEX op_tasks_running ON op_tasks (op, idx) WHERE state = 'RUNNING';
CREATE INDEX op_tasks_waiting ON op_tasks (op, idx) WHERE job IS NULL;
