-- The names that an operation has while it is under way; or somebody else, until a
-- time that is not far.
CREATE TABLE op_names (
    op    text COLLATE "C" NOT NULL,
    path  text COLLATE "C" NOT NULL,
    use   text COLLATE "C" NOT NULL,
    until bigint,
    PRIMARY KEY (op, path, use)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

CREATE INDEX op_names_by_path ON op_names (path);
CREATE INDEX op_names_by_time ON op_names (until) WHERE until IS NOT NULL;

-- How many names an operation has. Those of operations from before are not known here:
-- who knows their kind reads them from the requests.
ALTER TABLE operations ADD COLUMN names integer;
CREATE INDEX operations_unnamed ON operations (id) WHERE end_time IS NULL AND names IS NULL;

-- Names go with the end, also where a node of an earlier version brings that about.
CREATE FUNCTION release_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM op_names WHERE op = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER operations_release_names AFTER UPDATE OF end_time ON operations
    FOR EACH ROW WHEN (NEW.end_time IS NOT NULL AND NEW.names > 0) EXECUTE FUNCTION release_names();

-- take_names gives names to wanter, or fails with the code LE001 and, as its message,
-- one that collides with somebody else's. Whoever wants what may collide comes one
-- after the other: each locks its own paths alone and their folders together with
-- others, in one order for all. What was committed before a lock is given is seen
-- afterwards, since each statement of a function looks anew.
CREATE FUNCTION take_names(wanter text, paths text[], uses text[], folders text[], now bigint, until bigint)
    RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    lock record;
    taken text;
BEGIN
    FOR lock IN
        SELECT key, bool_or(own) AS own FROM (
            SELECT hashtextextended(current_schema() || ' ' || p, 0) AS key, true AS own FROM unnest(paths) p
            UNION ALL
            SELECT hashtextextended(current_schema() || ' ' || f, 0), false FROM unnest(folders) f) keys
        GROUP BY key ORDER BY key
    LOOP
        IF lock.own THEN
            PERFORM pg_advisory_xact_lock(lock.key);
        ELSE
            PERFORM pg_advisory_xact_lock_shared(lock.key);
        END IF;
    END LOOP;
    SELECT w.path INTO taken FROM unnest(paths, uses) AS w (path, use)
        WHERE EXISTS (SELECT FROM op_names n WHERE n.path = w.path AND n.use <> w.use
                AND n.op <> wanter AND (n.until IS NULL OR n.until > now))
            OR EXISTS (SELECT FROM op_names n WHERE n.path > w.path || '/' AND n.path < w.path || '0'
                AND n.op <> wanter AND (n.until IS NULL OR n.until > now))
            OR EXISTS (SELECT FROM op_names n WHERE n.path = ANY (folders) AND starts_with(w.path, n.path || '/')
                AND n.op <> wanter AND (n.until IS NULL OR n.until > now))
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'LE001', MESSAGE = taken;
    END IF;
    INSERT INTO op_names (op, path, use, until) SELECT wanter, p, u, take_names.until FROM unnest(paths, uses) AS w (p, u)
        ON CONFLICT DO NOTHING;
END $$;
