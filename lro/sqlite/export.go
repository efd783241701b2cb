package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/lectern/lectern/lro/driver"
)

const (
	exportOperations = `SELECT` + columns + `, delete_time, shards, shards_done, redos, cancel_requested, receipt, needs, counted_in, names IS NOT NULL,
		(SELECT json_group_array(json_object('Path', path, 'Use', use)) FROM op_names WHERE op = id),
		(SELECT request FROM op_inputs WHERE op = id) FROM operations WHERE id > ? ORDER BY id LIMIT 100`

	exportTasks = `SELECT t.idx, t.role, t.state, t.epoch, t.failures, t.crashes, t.suspicions, t.weight, t.result, p.payload
		FROM op_tasks t LEFT JOIN op_payloads p ON p.op = t.op AND p.idx = t.idx WHERE t.op = ? ORDER BY t.idx`
)

// Export calls take with each operation of the store, by id. Nobody works on any
// meanwhile; what had been claimed is ready in the record.
func (s *Store) Export(ctx context.Context, take func(driver.Record) error) error {
	for after := ""; ; {
		records, err := s.exportSome(ctx, after)
		if err != nil || len(records) == 0 {
			return err
		}
		for _, r := range records {
			after = r.ID
			if r.Tasks, err = s.exportTasks(ctx, r.ID); err != nil {
				return err
			}
			if err := take(r); err != nil {
				return err
			}
		}
	}
}

func (s *Store) exportSome(ctx context.Context, after string) (records []driver.Record, err error) {
	rows, err := s.read.QueryContext(ctx, exportOperations, after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r driver.Record
		var deleted sql.NullInt64
		var needs, groups, names string
		r.Operation, err = s.scanOperation(alsoScanning{rows, []any{&deleted, &r.Shards, &r.ShardsDone, &r.Redos, &r.CancelRequested, &r.Receipt, &needs, &groups, &r.Named, &names, &r.Request}})
		if err != nil {
			return nil, err
		}
		if deleted.Valid {
			r.Deleted = instant(deleted.Int64)
		}
		if err := json.Unmarshal([]byte(needs), &r.Needs); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(groups), &r.Groups); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(names), &r.Names); err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, rows.Err()
}

// alsoScanning scans further columns behind those that it is asked for.
type alsoScanning struct {
	from *sql.Rows
	also []any
}

func (a alsoScanning) Scan(what ...any) error { return a.from.Scan(append(what, a.also...)...) }

func (s *Store) exportTasks(ctx context.Context, op string) (tasks []driver.RecordedTask, err error) {
	rows, err := s.read.QueryContext(ctx, exportTasks, op)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var t driver.RecordedTask
		var state string
		if err := rows.Scan(&t.Index, &t.Role, &state, &t.Epoch, &t.Failures, &t.Crashes, &t.Suspicions, &t.Weight, &t.Result, &t.Payload); err != nil {
			return nil, err
		}
		t.Ready, t.Done = state == "READY" || state == "RUNNING", state == "DONE"
		tasks = append(tasks, t)
	}
	return tasks, rows.Err()
}
