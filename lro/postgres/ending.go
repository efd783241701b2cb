package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/internal/queue"
)

var (
	// Nobody works on what is ready, and the one who ends the operation works no
	// more; who else works on a task of it says so when that is over.
	endOperation = `WITH t AS (SELECT coalesce($7::bigint, store_now()) AS now),
		h AS (SELECT idx, state FROM op_tasks WHERE op = $1 AND (state = 'READY' OR $4 AND` + held + `) ORDER BY idx FOR UPDATE),
		o AS (
			UPDATE operations SET state = $6, update_time = t.now, end_time = t.now,
				expire_time = CASE WHEN delete_time IS NULL THEN t.now + $8 ELSE t.now END,
				error_code = $9, error_msg = $10, response = $11
			FROM t WHERE id = $1 AND state = $5 AND (NOT $4 OR EXISTS (SELECT FROM h WHERE state = 'RUNNING')) AND` + seenBy(14) + `RETURNING operations.*),
		r AS (UPDATE op_tasks SET state = 'DONE', node = NULL FROM o WHERE op = $1 AND idx IN (SELECT idx FROM h)),
		d AS (
			INSERT INTO op_tasks (op, idx, role, state, lane, due, shards, party, needs)
			SELECT o.id, $12, 'discard', 'READY', $13, store_now(), 0, '', o.needs[1:1] FROM o)
		SELECT` + columns + `FROM o, t`

	wishCancel = `UPDATE operations SET cancel_requested = true WHERE id = $1 AND state = 'FINALIZING' AND` + seenBy(2)

	// lockSeen is lockOperation of what the caller sees: nobody waits for, or has a lock
	// of, what is not theirs.
	lockSeen = `SELECT FROM operations WHERE id = $1 AND end_time IS NULL AND` + seenBy(2) + `FOR NO KEY UPDATE`

	// Repeating a finalize that has succeeded succeeds: the fence is the same.
	finalizeOperation = fence + `UPDATE operations SET state = 'FINALIZING', update_time = coalesce($4::bigint, store_now()), work_done = work_total, receipt = $5
		FROM h WHERE id = $1 AND state IN ('RUNNING', 'FINALIZING')`

	reopenOperation = fence + `UPDATE operations SET state = 'RUNNING', update_time = coalesce($4::bigint, store_now())
		FROM h WHERE id = $1 AND state IN ('RUNNING', 'FINALIZING') AND NOT cancel_requested`

	// A reopening that has become a cancel may be repeated by who did it.
	getReopened = `SELECT EXISTS (SELECT FROM operations WHERE id = $1 AND state = 'CANCELLED' AND cancel_requested)
		AND EXISTS (SELECT FROM op_tasks WHERE op = $1 AND idx = $2 AND epoch = $3)`
)

// seenBy holds for operations that a driver.Caller sees, who is the parameters from n on:
// the owner, or NULL for everybody, the parent, and what it is under.
func seenBy(n int) string {
	return fmt.Sprintf(` ($%d::text IS NULL OR owner = $%[1]d AND delete_time IS NULL AND ($%[2]d::text = '' OR parent = $%[2]d)
		AND ($%[3]d::text[] IS NULL OR EXISTS (SELECT FROM unnest($%[3]d::text[]) u WHERE parent = u OR starts_with(parent, u || '/')))) `, n, n+1, n+2)
}

// End implements driver.Store.
func (s *Store) End(ctx context.Context, id string, e driver.Ending) (op driver.Operation, won bool, err error) {
	fence := driver.Token{}
	if e.Fence != nil {
		fence = *e.Fence
	}
	fence.Op = id
	return s.end(ctx, fence, e.Fence != nil, e.From, e)
}

// end writes an end and what follows from it, or else the wish for one.
func (s *Store) end(ctx context.Context, fence driver.Token, isFenced bool, from driver.State, e driver.Ending) (op driver.Operation, won bool, err error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	b := s.batchOfEnd(fence, isFenced, from, e, func(ended driver.Operation) { op, won = ended, true })
	err = s.pool.SendBatch(ctx, b).Close()
	if err != nil || !won {
		return driver.Operation{}, false, err
	}
	s.notices.ended(op.ID)
	s.ring()
	return op, true, nil
}

// batchOfEnd are the statements of an end; ended is told the operation that it came to.
func (s *Store) batchOfEnd(fence driver.Token, isFenced bool, from driver.State, e driver.Ending, ended func(driver.Operation)) *pgx.Batch {
	var code *int32
	var message *string
	if e.To != driver.Succeeded {
		code, message = &e.ErrorCode, &e.ErrorMessage
	}
	who := []any{(*string)(nil), "", []string(nil)}
	if e.By != nil {
		who = []any{&e.By.Owner, e.By.Parent, e.By.Under}
	}
	var b pgx.Batch
	b.Queue(lockSeen, append([]any{fence.Op}, who...)...)
	b.Queue(endOperation, append([]any{fence.Op, fence.Index, fence.Epoch, isFenced, from, e.To,
		s.at(), e.Keep.Microseconds(), code, message, e.Response, driver.DiscardIndex, int(queue.Discards)}, who...)...).QueryRow(func(row pgx.Row) error {
		op, err := scanOperation(row)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err == nil {
			ended(op)
		}
		return err
	})
	if e.Wish {
		b.Queue(wishCancel, append([]any{fence.Op}, who...)...)
	}
	return &b
}

// rehearse has a connection that was just made cancel nothing: to parse and plan those
// statements takes ten times as long as to run them, and somebody waits for the first
// cancel too. A database that refuses, for it may only be read, says so when asked in
// earnest.
func (s *Store) rehearse(ctx context.Context, conn *pgx.Conn) error {
	nobody := driver.Ending{To: driver.Cancelled, Wish: true, By: &driver.Caller{}}
	b := s.batchOfEnd(driver.Token{}, false, driver.Running, nobody, func(driver.Operation) {})
	if err := conn.SendBatch(ctx, b).Close(); err != nil && conn.IsClosed() {
		return err
	}
	return nil
}

// Finalize implements driver.Store.
func (s *Store) Finalize(ctx context.Context, t driver.Token, receipt []byte) (bool, error) {
	return s.lockedChange(ctx, t.Op, finalizeOperation, t.Op, t.Index, t.Epoch, s.at(), receipt)
}

// Reopen implements driver.Store.
func (s *Store) Reopen(ctx context.Context, t driver.Token, e driver.Ending) (now driver.State, won bool, err error) {
	if won, err := s.lockedChange(ctx, t.Op, reopenOperation, t.Op, t.Index, t.Epoch, s.at()); won || err != nil {
		return driver.Running, won, err
	}
	// Only a cancel that was wished for keeps a FINALIZING operation from being
	// reopened, so this finds one, or nothing.
	if _, won, err = s.end(ctx, t, true, driver.Finalizing, e); won || err != nil {
		return driver.Cancelled, won, err
	}
	err = s.row(ctx, getReopened, []any{t.Op, t.Index, t.Epoch}, &won)
	return driver.Cancelled, won, err
}
