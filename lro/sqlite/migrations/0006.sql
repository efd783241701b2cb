-- The names that an operation has while it is under way.
CREATE TABLE op_names (
    op   TEXT NOT NULL,
    path TEXT NOT NULL,
    use  TEXT NOT NULL,
    PRIMARY KEY (op, path, use)
) STRICT, WITHOUT ROWID;

CREATE INDEX op_names_by_path ON op_names (path);

-- How many names an operation has. Those of operations from before are not known here:
-- who knows their kind reads them from the requests.
ALTER TABLE operations ADD COLUMN names INTEGER;
CREATE INDEX operations_unnamed ON operations (id) WHERE end_time IS NULL AND names IS NULL;

-- Names go with the end.
CREATE TRIGGER operations_release_names AFTER UPDATE OF end_time ON operations WHEN NEW.end_time IS NOT NULL AND NEW.names > 0
BEGIN
    DELETE FROM op_names WHERE op = NEW.id;
END;
