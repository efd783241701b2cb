package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/lectern/lectern/lro/driver"
)

const (
	insertTask = `INSERT INTO op_tasks (op, idx, role, job, weight) VALUES (?, ?, ?, ?, ?)`

	insertPayload = `INSERT INTO op_payloads (op, idx, payload) VALUES (?, ?, ?)`

	// A claim may be repeated by the attempt that has it.
	claimTask = `UPDATE op_tasks SET state = 'RUNNING', attempt = ?4, claim_time = ?5
		WHERE op = ?1 AND idx = ?2 AND job = ?3 AND state <> 'DONE' AND (attempt < ?4 OR (attempt = ?4 AND state = 'RUNNING'))
		AND EXISTS (SELECT 1 FROM operations o WHERE o.id = ?1 AND CASE op_tasks.role
			WHEN 'shard' THEN o.state = 'RUNNING'
			WHEN 'finish' THEN o.state IN ('RUNNING', 'FINALIZING')
			ELSE o.end_time IS NOT NULL END)
		RETURNING failures, crashes`

	getClaimed = `SELECT o.kind, o.parent, o.owner, o.state, o.shards, o.redos, o.receipt, i.request, p.payload
		FROM operations o LEFT JOIN op_inputs i ON i.op = o.id LEFT JOIN op_payloads p ON p.op = o.id AND p.idx = ?2
		WHERE o.id = ?1`

	// held is the fence: the task of the token ?1 to ?4, claimed with it.
	held = ` op = ?1 AND idx = ?2 AND job = ?3 AND attempt = ?4 AND state = 'RUNNING' `

	completeTask = `UPDATE op_tasks SET state = 'DONE', result = ?5 WHERE` + held + `RETURNING weight`

	addProgress = `UPDATE operations SET work_done = work_done + ?2, shards_done = shards_done + 1, update_time = ?3
		WHERE id = ?1 AND state = 'RUNNING' RETURNING shards, shards_done, owner, parent`

	nextWaiting = `SELECT idx FROM op_tasks WHERE op = ? AND job IS NULL ORDER BY idx LIMIT 1`

	dispatchTask = `UPDATE op_tasks SET job = ?3 WHERE op = ?1 AND idx = ?2 AND job IS NULL`

	retryTask = `UPDATE op_tasks SET state = 'PENDING', failures = failures + ?5 WHERE` + held

	getHeld = `SELECT t.role, t.suspicions, o.shards, o.owner, o.parent FROM op_tasks t JOIN operations o ON o.id = t.op
		WHERE t.op = ?1 AND t.idx = ?2 AND t.job = ?3 AND t.attempt = ?4 AND t.state = 'RUNNING'`

	countRedo = `UPDATE operations SET shards_done = shards_done - ?5, redos = redos + 1, update_time = ?6
		WHERE id = ?1 AND state = 'RUNNING' AND` + fenced + `RETURNING shards, owner, parent`

	// What a shard weighs was counted when it was done first.
	redoTask = `UPDATE op_tasks SET state = 'PENDING', job = ?3, attempt = 0, result = NULL, weight = 0
		WHERE op = ?1 AND idx = ?2 AND role = 'shard' AND state = 'DONE'`

	releaseTask = `UPDATE op_tasks SET state = 'PENDING', job = ?5, attempt = 0 WHERE` + held

	getResults = `SELECT result FROM op_tasks WHERE op = ? AND role = 'shard' ORDER BY idx`

	endTask = `DELETE FROM op_tasks WHERE` + held

	deleteTasks    = `DELETE FROM op_tasks WHERE op = ?`
	deletePayloads = `DELETE FROM op_payloads WHERE op = ?`
	deleteInput    = `DELETE FROM op_inputs WHERE op = ?`
)

// insertShards writes an operation's tasks and dispatches its first window.
func (s *Store) insertShards(t tx, c driver.Creation) error {
	var others int
	if err := t.row(countOfParty, c.Owner, c.Parent, begunOfParty+1).Scan(&others); err != nil {
		return err
	}
	window := make([]driver.Queued, min(c.Window, len(c.Tasks)))
	for i := range window {
		window[i] = driver.Queued{Op: c.ID, Index: i, Role: driver.Shard, Begun: others <= begunOfParty, Shards: len(c.Tasks), Party: party(c.Owner, c.Parent)}
	}
	jobs, err := s.queue.Enqueue(t.ctx, t.Tx, window)
	if err != nil {
		return err
	}
	for i, task := range c.Tasks {
		job := sql.NullInt64{Valid: i < len(jobs)}
		if job.Valid {
			job.Int64 = jobs[i]
		}
		if _, err := t.exec(insertTask, c.ID, i, driver.Shard, job, task.Weight); err != nil {
			return err
		}
		if _, err := t.exec(insertPayload, c.ID, i, present(task.Payload)); err != nil {
			return err
		}
	}
	return nil
}

// begunOfParty is how many operations of one owner and parent may begin while
// others go on; further ones wait for what has begun, so that there is a bound
// to what is half done, and nobody waits behind all the work of somebody else.
const begunOfParty = 4

// party names an owner and a parent, in few bytes.
func party(owner, parent string) string {
	sum := fnv.New64a()
	fmt.Fprintf(sum, "%d %s%s", len(owner), owner, parent)
	return strconv.FormatUint(sum.Sum64(), 36)
}

// enqueue inserts one job.
func (s *Store) enqueue(t tx, q driver.Queued) (job int64, err error) {
	jobs, err := s.queue.Enqueue(t.ctx, t.Tx, []driver.Queued{q})
	if err != nil {
		return 0, err
	}
	return jobs[0], nil
}

// insertTask writes a task other than a shard, and its job.
func (s *Store) insertTask(t tx, q driver.Queued) error {
	job, err := s.enqueue(t, q)
	if err != nil {
		return err
	}
	_, err = t.exec(insertTask, q.Op, q.Index, q.Role, job, 0)
	return err
}

// Claim implements driver.Store.
func (s *Store) Claim(ctx context.Context, t driver.Token) (c driver.Claim, won bool, err error) {
	row := s.write.statements[claimTask].QueryRowContext(ctx, t.Op, t.Index, t.Job, t.Attempt, s.now().UnixMicro())
	if err := row.Scan(&c.Failures, &c.Crashes); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return driver.Claim{}, false, nil
		}
		return driver.Claim{}, false, err
	}
	row = s.read.statements[getClaimed].QueryRowContext(ctx, t.Op, t.Index)
	if err := row.Scan(&c.Kind, &c.Parent, &c.Owner, &c.State, &c.Shards, &c.Redos, &c.Receipt, &c.Request, &c.Payload); err != nil {
		return driver.Claim{}, false, err
	}
	return c, true, nil
}

// Complete implements driver.Store.
func (s *Store) Complete(ctx context.Context, t driver.Token, result []byte, at time.Time) (won bool, err error) {
	won, err = s.transact(ctx, func(x tx) error {
		var weight int64
		err := x.row(completeTask, t.Op, t.Index, t.Job, t.Attempt, present(result)).Scan(&weight)
		if err != nil {
			return lostIfNone(err)
		}
		var shards, done int
		var owner, parent string
		err = x.row(addProgress, t.Op, weight, at.UnixMicro()).Scan(&shards, &done, &owner, &parent)
		if err != nil {
			return lostIfNone(err)
		}
		next := driver.Queued{Op: t.Op, Shards: shards, Party: party(owner, parent)}
		if done == shards {
			next.Index, next.Role, next.Urgent = shards, driver.Finish, true
			return s.insertTask(x, next)
		}
		next.Role, next.Begun = driver.Shard, true
		return s.dispatchNext(x, next)
	})
	if won {
		s.queue.Wake()
	}
	return won, err
}

// dispatchNext moves the operation's window on by one shard.
func (s *Store) dispatchNext(t tx, next driver.Queued) error {
	switch err := t.row(nextWaiting, next.Op).Scan(&next.Index); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	job, err := s.enqueue(t, next)
	if err != nil {
		return err
	}
	return t.must(dispatchTask, next.Op, next.Index, job)
}

func lostIfNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errLost
	}
	return err
}

// Retry implements driver.Store.
func (s *Store) Retry(ctx context.Context, t driver.Token, failures int) (bool, error) {
	return s.change(ctx, retryTask, t.Op, t.Index, t.Job, t.Attempt, failures)
}

// Release implements driver.Store.
func (s *Store) Release(ctx context.Context, t driver.Token) (bool, error) {
	return s.transact(ctx, func(x tx) error {
		again := driver.Queued{Op: t.Op, Index: t.Index, Urgent: true}
		var suspicions int
		var owner, parent string
		if err := x.row(getHeld, t.Op, t.Index, t.Job, t.Attempt).Scan(&again.Role, &suspicions, &again.Shards, &owner, &parent); err != nil {
			return lostIfNone(err)
		}
		again.Alone, again.Party = suspicions >= driver.Suspicions, party(owner, parent)
		job, err := s.enqueue(x, again)
		if err != nil {
			return err
		}
		return x.must(releaseTask, t.Op, t.Index, t.Job, t.Attempt, job)
	})
}

// Redo implements driver.Store.
func (s *Store) Redo(ctx context.Context, t driver.Token, indexes []int, at time.Time) (bool, error) {
	won, err := s.transact(ctx, func(x tx) error {
		var shards int
		var owner, parent string
		err := x.row(countRedo, t.Op, t.Index, t.Job, t.Attempt, len(indexes), at.UnixMicro()).Scan(&shards, &owner, &parent)
		if err != nil {
			return lostIfNone(err)
		}
		if err := x.must(endTask, t.Op, t.Index, t.Job, t.Attempt); err != nil {
			return err
		}
		tasks := make([]driver.Queued, len(indexes))
		for i, index := range indexes {
			tasks[i] = driver.Queued{Op: t.Op, Index: index, Role: driver.Shard, Begun: true, Shards: shards, Party: party(owner, parent)}
		}
		jobs, err := s.queue.Enqueue(ctx, x.Tx, tasks)
		if err != nil {
			return err
		}
		for i, index := range indexes {
			if err := x.must(redoTask, t.Op, index, jobs[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if won {
		s.queue.Wake()
	}
	return won, err
}

// Results implements driver.Store.
func (s *Store) Results(ctx context.Context, id string) ([][]byte, error) {
	rows, err := s.read.statements[getResults].QueryContext(ctx, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var results [][]byte
	for rows.Next() {
		var r []byte
		if err := rows.Scan(&r); err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, rows.Err()
}

// Discarded implements driver.Store.
func (s *Store) Discarded(ctx context.Context, t driver.Token) (bool, error) {
	return s.transact(ctx, func(x tx) error {
		if err := x.must(endTask, t.Op, t.Index, t.Job, t.Attempt); err != nil {
			return err
		}
		for _, query := range []string{deleteTasks, deletePayloads, deleteInput} {
			if _, err := x.exec(query, t.Op); err != nil {
				return err
			}
		}
		return nil
	})
}
