package postgres

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/internal/queue"
)

// Lanes of a task of so many shards: of one that is ready because others are done, and
// of one that goes before others.
var (
	soonLane   = laneBy(func(shards int) queue.Lane { return queue.LaneOf(shards, true) })
	urgentLane = laneBy(queue.UrgentLane)
)

func laneBy(lane func(shards int) queue.Lane) string {
	return fmt.Sprintf("CASE WHEN shards <= %d THEN %d ELSE %d END", driver.Small, lane(driver.Small), lane(driver.Small+1))
}

var (
	// held is the fence: the task of the token $1 to $3, claimed with it.
	held = ` op = $1 AND idx = $2 AND epoch = $3 AND state = 'RUNNING' `

	// fence opens a statement that changes an operation under the fence of a task: it
	// changes the row that it joins with h. A mere EXISTS would go by what the task was
	// before another had its lock.
	fence = `WITH h AS (SELECT FROM op_tasks WHERE` + held + `FOR UPDATE) `

	// After a Redo the Finish task is there already, and its epoch goes on.
	completeTask = `WITH d AS (
			UPDATE op_tasks SET state = 'DONE', node = NULL, result = $4 WHERE` + held + `
			AND EXISTS (SELECT FROM operations WHERE id = $1 AND state = 'RUNNING') RETURNING weight, party),
		o AS (
			UPDATE operations SET work_done = work_done + d.weight, shards_done = shards_done + 1, update_time = coalesce($5::bigint, store_now())
			FROM d WHERE id = $1 RETURNING id, shards, shards_done, needs, d.party, work_total - work_done AS left_over),
		n AS (
			UPDATE op_tasks SET state = 'READY', lane = ` + soonLane + `, due = store_now() WHERE op = $1 AND EXISTS (SELECT FROM o)
			AND idx = (SELECT idx FROM op_tasks WHERE op = $1 AND state = 'WAITING' ORDER BY idx LIMIT 1)),
		f AS (
			INSERT INTO op_tasks (op, idx, role, state, lane, due, shards, party, needs, weight)
			SELECT id, shards, 'finish', 'READY', ` + urgentLane + `, store_now(), shards, party, needs, left_over FROM o WHERE shards_done = shards
			ON CONFLICT (op, idx) DO UPDATE SET state = 'READY', lane = excluded.lane, due = excluded.due, tries = 0, failures = 0, crashes = 0, suspicions = 0)
		SELECT count(*) = 1 FROM o`

	// Once past the point of no return, all was counted.
	advanceTask = `WITH h AS (SELECT op, idx, weight FROM op_tasks WHERE weight > $4 AND` + held + `FOR UPDATE),
		o AS (
			UPDATE operations SET work_done = least(work_total, work_done + h.weight - $4), update_time = coalesce($5::bigint, store_now())
			FROM h WHERE id = $1 AND state = 'RUNNING' RETURNING id)
		UPDATE op_tasks t SET weight = $4 FROM h, o WHERE t.op = h.op AND t.idx = h.idx`

	// whenLeft is what becomes of a claimed task that is given back.
	whenLeft = ` node = NULL, state = CASE WHEN role <> 'discard' AND EXISTS (SELECT FROM operations o WHERE o.id = op_tasks.op AND o.end_time IS NOT NULL)
		THEN 'DONE' ELSE 'READY' END `

	retryTask = `UPDATE op_tasks SET failures = failures + $4, tries = tries + 1, due = store_now() + $5,` + whenLeft + `WHERE` + held

	// A task that is handed back goes before others.
	handedBack = ` lane = CASE WHEN role = 'discard' THEN 5 ELSE ` + urgentLane + ` END, tries = 0, due = store_now(), `

	releaseTask = `UPDATE op_tasks SET` + handedBack + whenLeft + `WHERE` + held

	countRedo = fence + `UPDATE operations SET shards_done = shards_done - $4, redos = redos + 1, update_time = coalesce($5::bigint, store_now())
		FROM h WHERE id = $1 AND state = 'RUNNING' RETURNING shards`

	// The task stays for its epoch: were it made anew, a late write of this attempt
	// would pass for one of a later attempt.
	endTask = `UPDATE op_tasks SET state = 'DONE', node = NULL WHERE` + held

	// What a shard weighs was counted when it was done first.
	redoTasks = `UPDATE op_tasks SET state = 'READY', lane = $3, due = store_now(), result = NULL, weight = 0
		WHERE op = $1 AND idx = ANY($2) AND role = 'shard' AND state = 'DONE'`

	getResults = `SELECT result FROM op_tasks WHERE op = $1 AND role = 'shard' ORDER BY idx`

	discardedTask = `WITH d AS (DELETE FROM op_tasks WHERE` + held + `RETURNING op),
		t AS (DELETE FROM op_tasks USING d WHERE op_tasks.op = d.op AND idx <> $2),
		p AS (DELETE FROM op_payloads USING d WHERE op_payloads.op = d.op),
		i AS (DELETE FROM op_inputs USING d WHERE op_inputs.op = d.op)
		SELECT count(*) = 1 FROM d`
)

// Complete implements driver.Store.
func (s *Store) Complete(ctx context.Context, t driver.Token, result []byte) (won bool, err error) {
	err = s.locked(ctx, t.Op, func(b *pgx.Batch) {
		b.Queue(completeTask, t.Op, t.Index, t.Epoch, present(result), s.at()).QueryRow(func(row pgx.Row) error { return row.Scan(&won) })
	})
	if err != nil {
		return false, err // it may have been undone after it had won
	}
	if won {
		s.ring()
	}
	return won, nil
}

// Advance implements driver.Store. All who change several operations lock them in one
// order.
func (s *Store) Advance(ctx context.Context, all []driver.Advance) error {
	all = slices.SortedFunc(slices.Values(all), func(a, b driver.Advance) int {
		return cmp.Or(strings.Compare(a.Op, b.Op), cmp.Compare(a.Index, b.Index))
	})
	ctx, cancel := bounded(ctx)
	defer cancel()
	var b pgx.Batch
	for _, a := range all {
		b.Queue(lockOperation, a.Op)
		b.Queue(advanceTask, a.Op, a.Index, a.Epoch, a.Left, s.at())
	}
	return s.pool.SendBatch(ctx, &b).Close()
}

// Retry implements driver.Store.
func (s *Store) Retry(ctx context.Context, t driver.Token, failures int, pause time.Duration) (bool, error) {
	won, err := s.change(ctx, retryTask, t.Op, t.Index, t.Epoch, failures, pause.Microseconds())
	if won {
		s.ring() // a Discard may have waited for it
	}
	return won, err
}

// Release implements driver.Store.
func (s *Store) Release(ctx context.Context, t driver.Token) (bool, error) {
	won, err := s.change(ctx, releaseTask, t.Op, t.Index, t.Epoch)
	if won {
		s.ring()
	}
	return won, err
}

// Redo implements driver.Store.
func (s *Store) Redo(ctx context.Context, t driver.Token, indexes []int) (bool, error) {
	won, err := s.transact(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockOperation, t.Op); err != nil {
			return err
		}
		var shards int
		if err := tx.QueryRow(ctx, countRedo, t.Op, t.Index, t.Epoch, len(indexes), s.at()).Scan(&shards); err != nil {
			return lostIfNone(err)
		}
		tag, err := tx.Exec(ctx, endTask, t.Op, t.Index, t.Epoch)
		if err != nil {
			return err
		}
		if tag.RowsAffected() != 1 {
			return errLost
		}
		tag, err = tx.Exec(ctx, redoTasks, t.Op, indexes, int(queue.LaneOf(shards, true)))
		if err == nil && tag.RowsAffected() != int64(len(indexes)) {
			return errLost
		}
		return err
	})
	if won {
		s.ring()
	}
	return won, err
}

// Results implements driver.Store.
func (s *Store) Results(ctx context.Context, id string) ([][]byte, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	rows, err := s.pool.Query(ctx, getResults, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[[]byte])
}

// Discarded implements driver.Store.
func (s *Store) Discarded(ctx context.Context, t driver.Token) (won bool, err error) {
	err = s.row(ctx, discardedTask, []any{t.Op, t.Index, t.Epoch}, &won)
	return won, err
}
