package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/internal/queue"
)

const (
	insertTask = `INSERT INTO op_tasks (op, idx, role, state, lane, due, shards, party, weight) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

	insertPayload = `INSERT INTO op_payloads (op, idx, payload) VALUES (?, ?, ?)`

	countOfParty = `SELECT count(*) FROM (SELECT 1 FROM operations WHERE owner = ? AND parent = ? AND end_time IS NULL LIMIT ?)`

	// held is the fence: the task of the token ?1 to ?3, claimed with it.
	held = ` op = ?1 AND idx = ?2 AND epoch = ?3 AND state = 'RUNNING' `

	completeTask = `UPDATE op_tasks SET state = 'DONE', result = ?4 WHERE` + held + `RETURNING weight`

	addProgress = `UPDATE operations SET work_done = work_done + ?2, shards_done = shards_done + 1, update_time = ?3
		WHERE id = ?1 AND state = 'RUNNING' RETURNING shards, shards_done, owner, parent, work_total - work_done`

	// Once past the point of no return, all was counted.
	advanceOperation = `UPDATE operations SET update_time = ?5,
		work_done = min(work_total, work_done - ?4 + (SELECT weight FROM op_tasks WHERE` + held + `))
		WHERE id = ?1 AND state = 'RUNNING' AND EXISTS (SELECT 1 FROM op_tasks WHERE weight > ?4 AND` + held + `)`

	advanceTask = `UPDATE op_tasks SET weight = ?4 WHERE` + held

	readyNext = `UPDATE op_tasks SET state = 'READY', lane = ?2, due = ?3 WHERE op = ?1
		AND idx = (SELECT idx FROM op_tasks WHERE op = ?1 AND state = 'WAITING' ORDER BY idx LIMIT 1)`

	// whenLeft is what becomes of a claimed task that is given back.
	whenLeft = ` state = CASE WHEN role <> 'discard' AND EXISTS (SELECT 1 FROM operations WHERE id = op_tasks.op AND end_time IS NOT NULL)
		THEN 'DONE' ELSE 'READY' END `

	retryTask = `UPDATE op_tasks SET failures = failures + ?4, tries = tries + 1, due = ?5,` + whenLeft + `WHERE` + held

	// A task that is handed back goes before others.
	handedBack = ` lane = CASE WHEN role = 'discard' THEN 5 WHEN shards <= 1 THEN 3 ELSE 0 END, tries = 0, `

	releaseTask = `UPDATE op_tasks SET due = ?4,` + handedBack + whenLeft + `WHERE` + held

	countRedo = `UPDATE operations SET shards_done = shards_done - ?4, redos = redos + 1, update_time = ?5
		WHERE id = ?1 AND state = 'RUNNING' AND` + fenced + `RETURNING shards`

	// After a Redo the task is there already, and its epoch goes on.
	readyFinish = insertTask + ` ON CONFLICT (op, idx) DO UPDATE SET state = 'READY', lane = excluded.lane, due = excluded.due, tries = 0, failures = 0, crashes = 0, suspicions = 0`

	// What a shard weighs was counted when it was done first.
	redoTask = `UPDATE op_tasks SET state = 'READY', lane = ?3, due = ?4, result = NULL, weight = 0
		WHERE op = ?1 AND idx = ?2 AND role = 'shard' AND state = 'DONE'`

	getResults = `SELECT result FROM op_tasks WHERE op = ? AND role = 'shard' ORDER BY idx`

	// The task stays for its epoch: were it made anew, a late write of this attempt
	// would pass for one of a later attempt.
	endTask = `UPDATE op_tasks SET state = 'DONE' WHERE` + held

	deleteTasks    = `DELETE FROM op_tasks WHERE op = ?`
	deletePayloads = `DELETE FROM op_payloads WHERE op = ?`
	deleteInput    = `DELETE FROM op_inputs WHERE op = ?`
)

// due is now, for the queue: by the machine's clock, which only this machine
// compares.
func (s *Store) due() int64 { return s.now().UnixMicro() }

// insertShards writes an operation's tasks, the first window of them ready.
func (s *Store) insertShards(t tx, c driver.Creation) error {
	var others int
	if err := t.row(countOfParty, c.Owner, c.Parent, queue.Begun+1).Scan(&others); err != nil {
		return err
	}
	lane, due, party := queue.LaneOf(len(c.Tasks), others <= queue.Begun), s.due(), queue.Party(c.Owner, c.Parent)
	for i, task := range c.Tasks {
		state := "READY"
		if i >= c.Window {
			state = "WAITING"
		}
		if _, err := t.exec(insertTask, c.ID, i, driver.Shard, state, lane, due, len(c.Tasks), party, task.Weight); err != nil {
			return err
		}
		if _, err := t.exec(insertPayload, c.ID, i, present(task.Payload)); err != nil {
			return err
		}
	}
	return nil
}

// Complete implements driver.Store.
func (s *Store) Complete(ctx context.Context, t driver.Token, result []byte) (won bool, err error) {
	won, err = s.transact(ctx, func(x tx) error {
		var weight int64
		if err := x.row(completeTask, t.Op, t.Index, t.Epoch, present(result)).Scan(&weight); err != nil {
			return lostIfNone(err)
		}
		var shards, done int
		var owner, parent string
		var left int64 // for the Finish task, after the last
		if err := x.row(addProgress, t.Op, weight, s.micros()).Scan(&shards, &done, &owner, &parent, &left); err != nil {
			return lostIfNone(err)
		}
		if done < shards {
			_, err := x.exec(readyNext, t.Op, queue.LaneOf(shards, true), s.due())
			return err
		}
		_, err := x.exec(readyFinish, t.Op, shards, driver.Finish, "READY", queue.UrgentLane(shards), s.due(), shards, queue.Party(owner, parent), left)
		return err
	})
	if won {
		s.ring()
	}
	return won, err
}

// Advance implements driver.Store.
func (s *Store) Advance(ctx context.Context, all []driver.Advance) error {
	_, err := s.transact(ctx, func(x tx) error {
		for _, a := range all {
			n, err := x.exec(advanceOperation, a.Op, a.Index, a.Epoch, a.Left, s.micros())
			if err == nil && n == 1 {
				_, err = x.exec(advanceTask, a.Op, a.Index, a.Epoch, a.Left)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

func lostIfNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errLost
	}
	return err
}

// Retry implements driver.Store.
func (s *Store) Retry(ctx context.Context, t driver.Token, failures int, pause time.Duration) (bool, error) {
	won, err := s.change(ctx, retryTask, t.Op, t.Index, t.Epoch, failures, s.now().Add(pause).UnixMicro())
	if won {
		s.ring() // a Discard may have waited for it
	}
	return won, err
}

// Release implements driver.Store.
func (s *Store) Release(ctx context.Context, t driver.Token) (bool, error) {
	won, err := s.change(ctx, releaseTask, t.Op, t.Index, t.Epoch, s.due())
	if won {
		s.ring()
	}
	return won, err
}

// Redo implements driver.Store.
func (s *Store) Redo(ctx context.Context, t driver.Token, indexes []int) (bool, error) {
	won, err := s.transact(ctx, func(x tx) error {
		var shards int
		if err := x.row(countRedo, t.Op, t.Index, t.Epoch, len(indexes), s.micros()).Scan(&shards); err != nil {
			return lostIfNone(err)
		}
		if err := x.must(endTask, t.Op, t.Index, t.Epoch); err != nil {
			return err
		}
		lane, due := queue.LaneOf(shards, true), s.due()
		for _, index := range indexes {
			if err := x.must(redoTask, t.Op, index, lane, due); err != nil {
				return err
			}
		}
		return nil
	})
	if won {
		s.ring()
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
		if err := x.must(endTask, t.Op, t.Index, t.Epoch); err != nil {
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
