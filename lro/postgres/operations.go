package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
)

// columns are those of an operation o, by the time that a statement calls t.now.
const columns = ` o.id, o.kind, o.parent, o.owner, o.state, o.create_time, o.update_time, o.end_time, o.expire_time, coalesce(o.expire_time <= t.now, false),
	o.delete_time IS NOT NULL, o.work_total, o.work_done, o.error_code, o.error_msg, o.response, o.idem_key, o.idem_hash, o.label `

const (
	getOperation = `SELECT` + columns + `FROM operations o, (SELECT coalesce($2::bigint, store_now()) AS now) t WHERE o.id = $1`

	getByKey = `SELECT` + columns + `FROM operations o, (SELECT coalesce($3::bigint, store_now()) AS now) t WHERE o.owner = $1 AND o.idem_key = $2`

	hideOperation = `UPDATE operations SET delete_time = t.now, idem_key = NULL,
		expire_time = CASE WHEN end_time IS NULL THEN NULL ELSE t.now END
		FROM (SELECT coalesce($2::bigint, store_now()) AS now) t WHERE id = $1 AND delete_time IS NULL`

	getStates = `SELECT id, state FROM operations WHERE id = ANY($1)`

	insertSecret = `INSERT INTO settings (name, value) VALUES ('secret', $1) ON CONFLICT DO NOTHING`

	getSecret = `SELECT value FROM settings WHERE name = 'secret'`
)

// scanOperation reads columns.
func scanOperation(from pgx.Row) (op driver.Operation, err error) {
	var created, updated int64
	var ended, expires *int64
	var code *int32
	var message, key *string
	err = from.Scan(&op.ID, &op.Kind, &op.Parent, &op.Owner, &op.State, &created, &updated, &ended, &expires, &op.Expired,
		&op.Hidden, &op.WorkTotal, &op.WorkDone, &code, &message, &op.Response, &key, &op.IdempotencyHash, &op.Label)
	op.Created, op.Updated = instant(created), instant(updated)
	if ended != nil {
		op.Ended = instant(*ended)
	}
	if expires != nil {
		op.Expires = instant(*expires)
	}
	op.ErrorCode, op.ErrorMessage, op.IdempotencyKey = orZero(code), orZero(message), orZero(key)
	return op, err
}

func instant(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

func orZero[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// operation reads one operation.
func (s *Store) operation(ctx context.Context, query string, args ...any) (driver.Operation, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	return scanOperation(s.pool.QueryRow(ctx, query, args...))
}

// Get implements driver.Store.
func (s *Store) Get(ctx context.Context, id string) (driver.Operation, error) {
	op, err := s.operation(ctx, getOperation, id, s.at())
	if errors.Is(err, pgx.ErrNoRows) {
		err = driver.ErrNotFound
	}
	return op, err
}

// Hide implements driver.Store.
func (s *Store) Hide(ctx context.Context, id string) (bool, error) {
	won, err := s.change(ctx, hideOperation, id, s.at())
	if won {
		s.notices.hidden(id)
	}
	return won, err
}

// States implements driver.Store.
func (s *Store) States(ctx context.Context, ids []string) (map[string]driver.State, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	rows, err := s.pool.Query(ctx, getStates, ids)
	if err != nil {
		return nil, err
	}
	states := make(map[string]driver.State, len(ids))
	var id string
	var state driver.State
	_, err = pgx.ForEachRow(rows, []any{&id, &state}, func() error {
		states[id] = state
		return nil
	})
	return states, err
}

// Secret implements driver.Store.
func (s *Store) Secret(ctx context.Context) (secret []byte, err error) {
	err = s.row(ctx, getSecret, nil, &secret)
	if !errors.Is(err, pgx.ErrNoRows) {
		return secret, err
	}
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // never fails
	if _, err := s.exec(ctx, insertSecret, fresh); err != nil {
		return nil, err
	}
	err = s.row(ctx, getSecret, nil, &secret)
	return secret, err
}
