package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/internal/queue"
)

const columns = ` id, kind, parent, owner, state, create_time, update_time, end_time, expire_time,
	delete_time IS NOT NULL, work_total, work_done, error_code, error_msg, response, idem_key, idem_hash, label `

const (
	getOperation = `SELECT` + columns + `FROM operations WHERE id = ?`

	getByKey = `SELECT` + columns + `FROM operations WHERE owner = ? AND idem_key = ?`

	freeKey = `UPDATE operations SET idem_key = NULL WHERE owner = ? AND idem_key = ? AND expire_time <= ?`

	insertOperation = `INSERT INTO operations
		(id, kind, parent, owner, state, create_time, update_time, shards, work_total, needs, idem_key, idem_hash, counted_in, label, names)
		VALUES (?, ?, ?, ?, 'RUNNING', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING` + columns

	insertInput = `INSERT INTO op_inputs (op, request) VALUES (?, ?)`

	hideOperation = `UPDATE operations SET delete_time = ?1, idem_key = NULL,
		expire_time = CASE WHEN end_time IS NULL THEN NULL ELSE ?1 END
		WHERE id = ?2 AND delete_time IS NULL`

	// fenced holds while the task of the token ?1 to ?3 is claimed with it.
	fenced = ` EXISTS (SELECT 1 FROM op_tasks WHERE op = ?1 AND idx = ?2 AND epoch = ?3 AND state = 'RUNNING') `

	endOperation = `UPDATE operations SET state = ?6, update_time = ?7, end_time = ?7,
		expire_time = CASE WHEN delete_time IS NULL THEN ?8 ELSE ?7 END,
		error_code = ?9, error_msg = ?10, response = ?11
		WHERE id = ?1 AND state = ?5 AND (NOT ?4 OR` + fenced + `) RETURNING` + columns

	// Nobody works on what is ready, and the one who ends the operation works no
	// more; who else works on a task of it says so when that is over.
	giveUpTasks = `UPDATE op_tasks SET state = 'DONE' WHERE op = ?1 AND (state = 'READY' OR ?4 AND idx = ?2 AND epoch = ?3)`

	// Repeating a finalize that has succeeded succeeds: the fence is the same.
	finalizeOperation = `UPDATE operations SET state = 'FINALIZING', update_time = ?4, work_done = work_total, receipt = ?5
		WHERE id = ?1 AND state IN ('RUNNING', 'FINALIZING') AND` + fenced

	reopenOperation = `UPDATE operations SET state = 'RUNNING', update_time = ?4
		WHERE id = ?1 AND state IN ('RUNNING', 'FINALIZING') AND NOT cancel_requested AND` + fenced

	wishCancel = `UPDATE operations SET cancel_requested = 1 WHERE id = ? AND state = 'FINALIZING'`

	// A reopening that has become a cancel may be repeated by who did it.
	getReopened = `SELECT state FROM operations WHERE id = ?1 AND state = 'CANCELLED' AND cancel_requested
		AND EXISTS (SELECT 1 FROM op_tasks WHERE op = ?1 AND idx = ?2 AND epoch = ?3)`

	countAlive = `SELECT count(*) FROM operations WHERE end_time IS NULL`

	countOfGroup = `SELECT count(*) FROM operations WHERE end_time IS NULL
		AND EXISTS (SELECT 1 FROM json_each(counted_in) WHERE value = ?)`

	getStates = `SELECT id, state FROM operations WHERE id IN (SELECT value FROM json_each(?))`

	insertSecret = `INSERT INTO settings (name, value) VALUES ('secret', ?) ON CONFLICT DO NOTHING`

	getSecret = `SELECT value FROM settings WHERE name = 'secret'`
)

// scanner is a *sql.Row or *sql.Rows.
type scanner interface{ Scan(into ...any) error }

func (s *Store) scanOperation(from scanner) (op driver.Operation, err error) {
	var created, updated int64
	var ended, expires, code sql.NullInt64
	var message, key sql.NullString
	err = from.Scan(&op.ID, &op.Kind, &op.Parent, &op.Owner, &op.State, &created, &updated, &ended, &expires,
		&op.Hidden, &op.WorkTotal, &op.WorkDone, &code, &message, &op.Response, &key, &op.IdempotencyHash, &op.Label)
	op.Created, op.Updated = instant(created), instant(updated)
	if ended.Valid {
		op.Ended = instant(ended.Int64)
	}
	if expires.Valid {
		op.Expires = instant(expires.Int64)
		op.Expired = expires.Int64 <= s.micros()
	}
	op.ErrorCode, op.ErrorMessage, op.IdempotencyKey = int32(code.Int64), message.String, key.String
	return op, err
}

func instant(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// micros is the time that clients see.
func (s *Store) micros() int64 { return s.clock().UnixMicro() }

// Create implements driver.Store.
func (s *Store) Create(ctx context.Context, c driver.Creation) (op driver.Operation, created bool, err error) {
	needs, err := json.Marshal(append([]string{}, c.Needs...))
	if err != nil {
		return driver.Operation{}, false, err
	}
	groups, err := json.Marshal(queue.GroupNames(c.Groups))
	if err != nil {
		return driver.Operation{}, false, err
	}
	_, err = s.transact(ctx, func(t tx) error {
		if c.Key != "" {
			if _, err := t.exec(freeKey, c.Owner, c.Key, s.micros()); err != nil {
				return err
			}
			op, err = s.scanOperation(t.row(getByKey, c.Owner, c.Key))
			if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		if err := s.free(t, c.Names); err != nil {
			return err
		}
		if err := s.admit(t, c); err != nil {
			return err
		}
		created = true
		total := c.FinishWeight
		for _, task := range c.Tasks {
			total += task.Weight
		}
		key := sql.NullString{String: c.Key, Valid: c.Key != ""}
		at := s.micros()
		op, err = s.scanOperation(t.row(insertOperation, c.ID, c.Kind, c.Parent, c.Owner,
			at, at, len(c.Tasks), total, string(needs), key, c.Hash, string(groups), c.Label, len(c.Names)))
		if err != nil {
			return err
		}
		if _, err := t.exec(insertInput, c.ID, present(c.Request)); err != nil {
			return err
		}
		if err := insertNames(t, c.ID, c.Names); err != nil {
			return err
		}
		return s.insertShards(t, c)
	})
	if err != nil {
		return driver.Operation{}, false, err
	}
	if created {
		s.ring()
	}
	return op, created, nil
}

// admit refuses an operation beyond a limit. alive is never less than how many are
// under way, so that they are counted only when the limit may have been reached.
// It belongs to whoever has the writer.
func (s *Store) admit(t tx, c driver.Creation) error {
	for _, g := range c.Groups {
		var n int
		if g.Most <= 0 {
			continue
		}
		if err := t.row(countOfGroup, g.Name).Scan(&n); err != nil {
			return err
		}
		if n >= g.Most {
			return driver.FullError{Group: g.Name}
		}
	}
	if most := c.Most; most > 0 && (s.alive >= most || !s.counted) {
		if err := t.row(countAlive).Scan(&s.alive); err != nil {
			return err
		}
		s.counted = true
		if s.alive >= most {
			return driver.ErrFull
		}
	}
	s.alive++
	return nil
}

// present makes an empty blob of nil, which would be NULL.
func present(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// Get implements driver.Store.
func (s *Store) Get(ctx context.Context, id string) (driver.Operation, error) {
	op, err := s.scanOperation(s.read.statements[getOperation].QueryRowContext(ctx, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = driver.ErrNotFound
	}
	return op, err
}

// Hide implements driver.Store.
func (s *Store) Hide(ctx context.Context, id string) (bool, error) {
	return s.change(ctx, hideOperation, s.micros(), id)
}

// End implements driver.Store.
func (s *Store) End(ctx context.Context, id string, e driver.Ending) (op driver.Operation, won bool, err error) {
	var fence driver.Token
	if e.Fence != nil {
		fence = *e.Fence
	}
	fence.Op = id
	if e.By != nil {
		// Neither changes any more: who owns it, and that it has ended or is hidden.
		seen, err := s.Get(ctx, id)
		if errors.Is(err, driver.ErrNotFound) || err == nil && (!e.By.Sees(seen) || !seen.Ended.IsZero()) {
			return driver.Operation{}, false, nil
		}
		if err != nil {
			return driver.Operation{}, false, err
		}
	}
	wished := false
	won, err = s.transact(ctx, func(t tx) error {
		op, err = s.end(t, fence, e.Fence != nil, e.From, e)
		if errors.Is(err, errLost) && e.Wish {
			wished = true
			return t.must(wishCancel, id)
		}
		return err
	})
	if won = won && !wished; won {
		s.ring()
	}
	return op, won, err
}

// end writes an end, and what follows from it.
func (s *Store) end(t tx, fence driver.Token, fenced bool, from driver.State, e driver.Ending) (op driver.Operation, err error) {
	var code, message any
	if e.To != driver.Succeeded {
		code, message = e.ErrorCode, e.ErrorMessage
	}
	at := s.clock()
	op, err = s.scanOperation(t.row(endOperation, fence.Op, fence.Index, fence.Epoch, fenced,
		from, e.To, at.UnixMicro(), at.Add(e.Keep).UnixMicro(), code, message, e.Response))
	if err != nil {
		return op, lostIfNone(err)
	}
	if _, err := t.exec(giveUpTasks, fence.Op, fence.Index, fence.Epoch, fenced); err != nil {
		return op, err
	}
	_, err = t.exec(insertTask, fence.Op, driver.DiscardIndex, driver.Discard, "READY", queue.Discards, s.due(), 0, "", 0)
	return op, err
}

// Finalize implements driver.Store.
func (s *Store) Finalize(ctx context.Context, t driver.Token, receipt []byte) (bool, error) {
	return s.change(ctx, finalizeOperation, t.Op, t.Index, t.Epoch, s.micros(), receipt)
}

// Reopen implements driver.Store.
func (s *Store) Reopen(ctx context.Context, t driver.Token, e driver.Ending) (now driver.State, won bool, err error) {
	won, err = s.transact(ctx, func(x tx) error {
		n, err := x.exec(reopenOperation, t.Op, t.Index, t.Epoch, s.micros())
		if err != nil || n == 1 {
			now = driver.Running
			return err
		}
		err = x.row(getReopened, t.Op, t.Index, t.Epoch).Scan(&now)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		// Only a cancel that was wished for keeps a FINALIZING operation from
		// being reopened, so this finds one, or nothing.
		now = driver.Cancelled
		_, err = s.end(x, t, true, driver.Finalizing, e)
		return err
	})
	if won && now == driver.Cancelled {
		s.ring()
	}
	return now, won, err
}

// States implements driver.Store.
func (s *Store) States(ctx context.Context, ids []string) (map[string]driver.State, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := s.read.statements[getStates].QueryContext(ctx, string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	states := make(map[string]driver.State, len(ids))
	for rows.Next() {
		var id string
		var state driver.State
		if err := rows.Scan(&id, &state); err != nil {
			return nil, err
		}
		states[id] = state
	}
	return states, rows.Err()
}

// Secret implements driver.Store.
func (s *Store) Secret(ctx context.Context) (secret []byte, err error) {
	err = s.read.statements[getSecret].QueryRowContext(ctx).Scan(&secret)
	if !errors.Is(err, sql.ErrNoRows) {
		return secret, err
	}
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // never fails
	if _, err := s.change(ctx, insertSecret, fresh); err != nil {
		return nil, err
	}
	err = s.read.statements[getSecret].QueryRowContext(ctx).Scan(&secret)
	return secret, err
}
