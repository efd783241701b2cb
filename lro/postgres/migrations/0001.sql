-- Times are microseconds since 1970, by this database's clock alone. What Get and
-- List show is in operations alone; requests and payloads, up to megabytes, are kept
-- apart.

-- store_now is the clock: the same during one statement.
CREATE FUNCTION store_now() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS 'SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint';

CREATE TABLE settings (
    name  text PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE operations (
    id          text COLLATE "C" PRIMARY KEY,
    parent      text COLLATE "C" NOT NULL,
    kind        text NOT NULL,
    owner       text COLLATE "C" NOT NULL,
    state       text NOT NULL CHECK (state IN ('RUNNING', 'FINALIZING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    create_time bigint NOT NULL,
    update_time bigint NOT NULL,
    end_time    bigint,
    expire_time bigint,
    delete_time bigint,
    shards      integer NOT NULL,
    shards_done integer NOT NULL DEFAULT 0,
    work_total  bigint NOT NULL,
    work_done   bigint NOT NULL DEFAULT 0,
    error_code  integer,
    error_msg   text,
    response    bytea,
    idem_key    text,
    idem_hash   bytea,
    -- What a node must be able to do; the first is the kind.
    needs       text[] NOT NULL,
    -- A cancel that came after the point of no return; how the outcome is told from
    -- others once that was passed; how often shards were asked for again.
    cancel_requested boolean NOT NULL DEFAULT false,
    receipt     bytea,
    redos       integer NOT NULL DEFAULT 0,
    CHECK ((state IN ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (end_time IS NOT NULL)),
    CHECK ((state IN ('FAILED', 'CANCELLED')) = (error_code IS NOT NULL)),
    CHECK (state <> 'CANCELLED' OR error_code = 1),
    CHECK (work_done <= work_total AND shards_done <= shards)
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);

CREATE INDEX operations_by_parent ON operations (owner, parent, create_time DESC, id DESC) WHERE delete_time IS NULL;
CREATE INDEX operations_by_owner ON operations (owner, create_time DESC, id DESC) WHERE delete_time IS NULL;
CREATE INDEX operations_by_expiry ON operations (expire_time) WHERE expire_time IS NOT NULL;
CREATE UNIQUE INDEX operations_by_key ON operations (owner, idem_key) WHERE idem_key IS NOT NULL;
-- How much of one owner and parent is under way is counted at each start; and it is
-- the way to all that is under way.
CREATE INDEX operations_by_party ON operations (owner, parent) WHERE end_time IS NULL;

CREATE TABLE op_inputs (
    op      text COLLATE "C" PRIMARY KEY,
    request bytea NOT NULL
);

CREATE TABLE op_payloads (
    op      text COLLATE "C" NOT NULL,
    idx     integer NOT NULL,
    payload bytea NOT NULL,
    PRIMARY KEY (op, idx)
);

-- The tasks are their own queue. epoch fences: it grows by one with each claim and
-- never shrinks. Of a lane what is due longest comes first. Tasks outside of their
-- operation's window are WAITING. node is who has claimed it.
CREATE TABLE op_tasks (
    op         text COLLATE "C" NOT NULL,
    idx        integer NOT NULL,
    role       text NOT NULL CHECK (role IN ('shard', 'finish', 'discard')),
    state      text NOT NULL CHECK (state IN ('WAITING', 'READY', 'RUNNING', 'DONE')),
    epoch      bigint NOT NULL DEFAULT 0,
    node       text COLLATE "C",
    lane       smallint NOT NULL,
    due        bigint NOT NULL DEFAULT 0,
    claim_time bigint NOT NULL DEFAULT 0,
    shards     integer NOT NULL,
    party      text NOT NULL,
    needs      text[] NOT NULL,
    tries      integer NOT NULL DEFAULT 0,
    failures   integer NOT NULL DEFAULT 0,
    crashes    integer NOT NULL DEFAULT 0,
    suspicions integer NOT NULL DEFAULT 0,
    weight     bigint NOT NULL DEFAULT 0,
    result     bytea,
    PRIMARY KEY (op, idx),
    CHECK ((state = 'RUNNING') = (node IS NOT NULL))
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 1);

CREATE INDEX op_tasks_ready ON op_tasks (lane, due) WHERE state = 'READY';
CREATE INDEX op_tasks_running ON op_tasks (node) WHERE state = 'RUNNING';

-- A node whose lease is over is taken for dead. Its row stays for a while: as long
-- as somebody was able to do a task not long ago, the task waits.
CREATE TABLE nodes (
    id          text COLLATE "C" PRIMARY KEY,
    name        text NOT NULL,
    version     text NOT NULL,
    slots       integer NOT NULL,
    abilities   text[] NOT NULL,
    joined      bigint NOT NULL,
    lease_until bigint NOT NULL,
    left_at     bigint,
    draining    boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50);
