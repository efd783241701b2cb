package sqlite

import (
	"context"
	"encoding/json"
	"time"

	"github.com/lectern/lectern/lro/driver"
)

const (
	// useful holds for a task whose operation still wants it done.
	useful = ` t.state <> 'DONE' AND (o.end_time IS NOT NULL) = (t.role = 'discard') `

	// lost is what is read of a task without a job.
	lost = ` t.op, t.idx, t.role, t.job, t.state = 'RUNNING', t.claim_time, t.suspicions, o.shards, o.owner, o.parent `

	// Both halves start from few rows: tasks that were claimed, and jobs that
	// were handed out. A job that no task names any more is not found again.
	findOrphans = `SELECT` + lost + `FROM op_tasks t JOIN operations o ON o.id = t.op
			WHERE t.state = 'RUNNING' AND` + useful + `
		UNION SELECT` + lost + `FROM river_job r
			JOIN op_tasks t ON t.job = r.id AND t.job IS NOT NULL AND t.state <> 'DONE' JOIN operations o ON o.id = t.op
			WHERE r.state = 'running' AND` + useful

	// In this process nothing runs yet, and there is no other.
	deleteDeadJobs  = `DELETE FROM river_job WHERE state = 'running'`
	deleteOldLeader = `DELETE FROM river_leader`

	findLost = `SELECT` + lost + `FROM op_tasks t JOIN operations o ON o.id = t.op
		LEFT JOIN river_job r ON r.id = t.job
		WHERE t.job IS NOT NULL AND (r.id IS NULL OR r.finalized_at IS NOT NULL) AND` + useful + `LIMIT 1000`

	redispatchTask = `UPDATE op_tasks SET job = ?4, attempt = 0, crashes = crashes + ?5, suspicions = suspicions + ?6, state = 'PENDING'
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
		getByKey, freeKey, insertOperation, insertInput, hideOperation, endOperation, finalizeOperation, reopenOperation, getReopened, wishCancel,
		countAlive, countOfParty, findUndispatched, insertSecret,
		insertTask, insertPayload, claimTask, completeTask, addProgress, nextWaiting, dispatchTask, retryTask, getHeld,
		releaseTask, countRedo, redoTask, endTask, deleteTasks, deletePayloads, deleteInput,
		findOrphans, deleteDeadJobs, deleteOldLeader, findLost, redispatchTask,
		findExpired, deleteOperations, deleteAllTasks, deleteAllLoads, deleteAllInputs,
	}
	reads = []string{
		getOperation, getAlive, getStates, getSecret, getClaimed, getResults,
		listQuery(false, false, false), listQuery(false, true, false), listQuery(false, true, true),
		listQuery(true, false, false), listQuery(true, true, false), listQuery(true, true, true),
	}
)

// Start implements driver.Store.
func (s *Store) Start(ctx context.Context, d driver.Dispatch) error {
	died, err := s.lastPulse()
	if err != nil {
		return err
	}
	_, err = s.transact(ctx, func(t tx) error {
		if _, err := s.redispatch(t, findOrphans, autopsy(died)); err != nil {
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
	if err := s.queue.Start(ctx, d); err != nil {
		return err
	}
	s.beginPulse()
	return nil
}

// Stop implements driver.Store.
func (s *Store) Stop(ctx context.Context) error {
	err := s.queue.Stop(ctx)
	if err == nil {
		s.endPulse()
	}
	return err
}

// orphan is a task whose job is gone.
type orphan struct {
	driver.Queued
	job        int64
	claimed    bool
	since      time.Time // of the claim
	suspicions int
}

// verdict says what is counted against each of some orphans: a crash, a
// suspicion, or nothing.
type verdict func(all []orphan, one orphan) (crashes, suspicions int)

// autopsy is the verdict on those of a process that died: whoever was alone is
// guilty, and so is who had been at work for a while. Of the others most only
// died with somebody, or with a server that was killed.
func autopsy(died time.Time) verdict {
	return func(all []orphan, one orphan) (crashes, suspicions int) {
		if !one.claimed {
			return 0, 0
		}
		claimed := 0
		for _, o := range all {
			if o.claimed && o.Role != driver.Discard {
				claimed++
			}
		}
		if claimed <= 1 || died.Sub(one.since) >= driver.Suspicious {
			return 1, 0
		}
		return 0, 1
	}
}

// unfinished is the verdict on tasks that their handlers left claimed.
func unfinished(_ []orphan, one orphan) (crashes, suspicions int) {
	if one.claimed {
		return 1, 0
	}
	return 0, 0
}

// Repair implements driver.Store.
func (s *Store) Repair(ctx context.Context) (n int, err error) {
	_, err = s.transact(ctx, func(t tx) error {
		n, err = s.redispatch(t, findLost, unfinished)
		return err
	})
	if n > 0 && err == nil {
		s.queue.Wake()
	}
	return n, err
}

// redispatch gives each task that query finds a new job. The old one, should
// anybody still work on it, has lost its fence.
func (s *Store) redispatch(t tx, query string, judge verdict) (int, error) {
	found, err := findTasks(t, query)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	tasks, crashes, suspicions := make([]driver.Queued, len(found)), make([]int, len(found)), make([]int, len(found))
	for i, o := range found {
		crashes[i], suspicions[i] = judge(found, o)
		tasks[i] = o.Queued
		tasks[i].Alone = o.Role != driver.Discard && o.suspicions+suspicions[i] >= driver.Suspicions
	}
	jobs, err := s.queue.Enqueue(t.ctx, t.Tx, tasks)
	if err != nil {
		return 0, err
	}
	for i, o := range found {
		if err := t.must(redispatchTask, o.Op, o.Index, o.job, jobs[i], crashes[i], suspicions[i]); err != nil {
			return 0, err
		}
	}
	return len(tasks), nil
}

func findTasks(t tx, query string) (found []orphan, err error) {
	rows, err := t.StmtContext(t.ctx, t.on.statements[query]).QueryContext(t.ctx)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		o := orphan{Queued: driver.Queued{Urgent: true}}
		var since int64
		var owner, parent string
		if err := rows.Scan(&o.Op, &o.Index, &o.Role, &o.job, &o.claimed, &since, &o.suspicions, &o.Shards, &owner, &parent); err != nil {
			return nil, err
		}
		o.since, o.Party = instant(since), party(owner, parent)
		found = append(found, o)
	}
	return found, rows.Err()
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
	if err != nil {
		return 0, err
	}
	s.shrink(ctx)
	return n, nil
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
