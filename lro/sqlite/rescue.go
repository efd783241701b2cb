package sqlite

import (
	"context"
	"time"

	"encoding/json"

	"github.com/lectern/lectern/lro/driver"
)

const (
	// useful holds for a task whose operation still wants it done.
	useful = ` t.state <> 'DONE' AND (o.end_time IS NOT NULL) = (t.role = 'discard') `

	// Both halves start from few rows: tasks that were claimed, and jobs that
	// were handed out. A job that no task names any more is not found again.
	findOrphans = `SELECT t.op, t.idx, t.role, t.job FROM op_tasks t JOIN operations o ON o.id = t.op
			WHERE t.state = 'RUNNING' AND` + useful + `
		UNION SELECT t.op, t.idx, t.role, t.job FROM river_job r
			JOIN op_tasks t ON t.job = r.id AND t.job IS NOT NULL AND t.state <> 'DONE' JOIN operations o ON o.id = t.op
			WHERE r.state = 'running' AND` + useful

	// In this process nothing runs yet, and there is no other.
	deleteDeadJobs  = `DELETE FROM river_job WHERE state = 'running'`
	deleteOldLeader = `DELETE FROM river_leader`

	findLost = `SELECT t.op, t.idx, t.role, t.job FROM op_tasks t JOIN operations o ON o.id = t.op
		LEFT JOIN river_job r ON r.id = t.job
		WHERE t.job IS NOT NULL AND (r.id IS NULL OR r.finalized_at IS NOT NULL) AND` + useful + `LIMIT 1000`

	redispatchTask = `UPDATE op_tasks SET job = ?4, attempt = 0, crashes = crashes + (state = 'RUNNING'), state = 'PENDING'
		WHERE op = ?1 AND idx = ?2 AND job = ?3 AND state <> 'DONE'`

	findExpired = `SELECT id FROM operations o WHERE expire_time <= ?1
		AND (end_time <= ?2 OR NOT EXISTS (SELECT 1 FROM op_tasks t WHERE t.op = o.id))
		ORDER BY expire_time LIMIT ?3`

	deleteOperations = `DELETE FROM operations WHERE id IN (SELECT value FROM json_each(?))`
	deleteAllTasks   = `DELETE FROM op_tasks WHERE op IN (SELECT value FROM json_each(?))`
	deleteAllLoads   = `DELETE FROM op_payloads WHERE op IN (SELECT value FROM json_each(?))`
	deleteAllInputs  = `DELETE FROM op_inputs WHERE op IN (SELECT value FROM json_each(?))`
)

// writes and reads are all statements, to be prepared at Open.
var (
	writes = []string{
		getByKey, freeKey, insertOperation, insertInput, hideOperation, endOperation, finalizeOperation, reopenOperation, insertSecret,
		insertTask, insertPayload, claimTask, completeTask, addProgress, nextWaiting, dispatchTask, retryTask, getHeldRole,
		releaseTask, endDiscard, deleteTasks, deletePayloads, deleteInput,
		findOrphans, deleteDeadJobs, deleteOldLeader, findLost, redispatchTask,
		findExpired, deleteOperations, deleteAllTasks, deleteAllLoads, deleteAllInputs,
	}
	reads = []string{
		getOperation, getStates, getSecret, getClaimed, getResults,
		listQuery(false, false, false), listQuery(false, true, false), listQuery(false, true, true),
		listQuery(true, false, false), listQuery(true, true, false), listQuery(true, true, true),
	}
)

// Start implements driver.Store.
func (s *Store) Start(ctx context.Context, d driver.Dispatch) error {
	_, err := s.transact(ctx, func(t tx) error {
		if _, err := s.redispatch(t, findOrphans); err != nil {
			return err
		}
		for _, query := range []string{deleteDeadJobs, deleteOldLeader} {
			if _, err := t.exec(query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.queue.Start(ctx, d)
}

// Stop implements driver.Store.
func (s *Store) Stop(ctx context.Context) error { return s.queue.Stop(ctx) }

// Repair implements driver.Store.
func (s *Store) Repair(ctx context.Context) (n int, err error) {
	_, err = s.transact(ctx, func(t tx) error {
		n, err = s.redispatch(t, findLost)
		return err
	})
	if n > 0 && err == nil {
		s.queue.Wake()
	}
	return n, err
}

// redispatch gives each task that query finds a new job. The old one, should
// anybody still work on it, has lost its fence.
func (s *Store) redispatch(t tx, query string) (int, error) {
	tasks, old, err := findTasks(t, query)
	if err != nil || len(tasks) == 0 {
		return 0, err
	}
	jobs, err := s.queue.Enqueue(t.ctx, t.Tx, tasks)
	if err != nil {
		return 0, err
	}
	for i, task := range tasks {
		if err := t.must(redispatchTask, task.Op, task.Index, old[i], jobs[i]); err != nil {
			return 0, err
		}
	}
	return len(tasks), nil
}

func findTasks(t tx, query string) (tasks []driver.Queued, jobs []int64, err error) {
	rows, err := t.StmtContext(t.ctx, t.on.statements[query]).QueryContext(t.ctx)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		q := driver.Queued{Urgent: true}
		var job int64
		if err := rows.Scan(&q.Op, &q.Index, &q.Role, &job); err != nil {
			return nil, nil, err
		}
		tasks, jobs = append(tasks, q), append(jobs, job)
	}
	return tasks, jobs, rows.Err()
}

// Expire implements driver.Store.
func (s *Store) Expire(ctx context.Context, now, ended time.Time, limit int) (n int, err error) {
	_, err = s.transact(ctx, func(t tx) error {
		ids, err := findIDs(t, findExpired, now.UnixMicro(), ended.UnixMicro(), limit)
		if err != nil || len(ids) == 0 {
			return err
		}
		n = len(ids)
		list, err := json.Marshal(ids)
		if err != nil {
			return err
		}
		for _, query := range []string{deleteAllTasks, deleteAllLoads, deleteAllInputs, deleteOperations} {
			if _, err := t.exec(query, string(list)); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func findIDs(t tx, query string, args ...any) (ids []string, err error) {
	rows, err := t.StmtContext(t.ctx, t.on.statements[query]).QueryContext(t.ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
