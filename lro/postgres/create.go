package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/internal/queue"
)

const (
	freeKey = `UPDATE operations SET idem_key = NULL WHERE owner = $1 AND idem_key = $2 AND expire_time <= coalesce($3::bigint, store_now())`

	// Without a row of the operation, for its key is taken, there are none of the
	// others. How many of the party are under way matters to the lane of some.
	createOperation = `WITH t AS (SELECT coalesce($1::bigint, store_now()) AS now),
		o AS (
			INSERT INTO operations (id, kind, parent, owner, state, create_time, update_time, shards, work_total, needs, idem_key, idem_hash, counted_in, label, names)
			SELECT $2, $3, $4, $5, 'RUNNING', now, now, $6, $7, $8, $9, $10, $19, $20, $21 FROM t
			ON CONFLICT (owner, idem_key) WHERE idem_key IS NOT NULL DO NOTHING RETURNING *),
		i AS (INSERT INTO op_inputs (op, request) SELECT id, $11 FROM o),
		p AS (INSERT INTO op_payloads (op, idx, payload) SELECT id, n - 1, payload FROM o, unnest($12::bytea[]) WITH ORDINALITY AS u (payload, n)),
		l AS (SELECT CASE WHEN $13::smallint = $14::smallint OR (SELECT count(*) FROM (SELECT FROM operations WHERE owner = $5 AND parent = $4 AND end_time IS NULL LIMIT $15) x) < $15
			THEN $13::smallint ELSE $14::smallint END AS lane),
		k AS (
			INSERT INTO op_tasks (op, idx, role, state, lane, due, shards, party, needs, weight)
			SELECT o.id, n - 1, 'shard', CASE WHEN n <= $16 THEN 'READY' ELSE 'WAITING' END, l.lane, store_now(), $6, $17, $8, weight
			FROM o, l, unnest($18::bigint[]) WITH ORDINALITY AS u (weight, n))
		SELECT` + columns + `FROM o, t`

	countOfGroup = `SELECT count(*) FROM operations WHERE end_time IS NULL AND $1 = ANY(counted_in)`

	countAlive = `SELECT count(*) FROM (SELECT FROM operations WHERE end_time IS NULL LIMIT $1) x`
)

// Create implements driver.Store.
func (s *Store) Create(ctx context.Context, c driver.Creation) (op driver.Operation, created bool, err error) {
	// A key that is taken may be given up before it is looked for.
	for range 3 {
		if op, created, err = s.tryCreate(ctx, c); !errors.Is(err, pgx.ErrNoRows) {
			break
		}
	}
	if err != nil {
		return driver.Operation{}, false, err
	}
	if created {
		s.ring()
	}
	return op, created, nil
}

func (s *Store) tryCreate(ctx context.Context, c driver.Creation) (op driver.Operation, created bool, err error) {
	var key *string
	if c.Key != "" {
		key = &c.Key
		if _, err := s.exec(ctx, freeKey, c.Owner, c.Key, s.at()); err != nil {
			return op, false, err
		}
		op, err = s.operation(ctx, getByKey, c.Owner, c.Key, s.at())
		if !errors.Is(err, pgx.ErrNoRows) {
			return op, false, err
		}
	}
	if err := s.admitToGroups(ctx, c.Groups); err != nil {
		return op, false, err
	}
	if err := s.admit(ctx, c.Most); err != nil {
		return op, false, err
	}
	total := c.FinishWeight
	weights, payloads := make([]int64, len(c.Tasks)), make([][]byte, len(c.Tasks))
	for i, task := range c.Tasks {
		total += task.Weight
		weights[i], payloads[i] = task.Weight, present(task.Payload)
	}
	args := []any{s.at(), c.ID, c.Kind, c.Parent, c.Owner, len(c.Tasks), total, present(c.Needs), key, c.Hash,
		present(c.Request), payloads, int(queue.LaneOf(len(c.Tasks), true)), int(queue.LaneOf(len(c.Tasks), false)), queue.Begun,
		c.Window, queue.Party(c.Owner, c.Parent), weights, queue.GroupNames(c.Groups), c.Label, len(c.Names)}
	if len(c.Names) > 0 {
		op, err = s.createNamed(ctx, c.Names, c.ID, args...)
	} else {
		op, err = s.operation(ctx, createOperation, args...)
	}
	if key != nil && errors.Is(err, pgx.ErrNoRows) {
		op, err = s.operation(ctx, getByKey, c.Owner, c.Key, s.at())
		return op, false, err
	}
	return op, err == nil, err
}

// present makes an empty slice of nil, which would be NULL.
func present[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// admitToGroups refuses an operation beyond the limit of one of its groups.
func (s *Store) admitToGroups(ctx context.Context, groups []driver.Group) error {
	for _, g := range groups {
		var n int
		if g.Most <= 0 {
			continue
		}
		if err := s.row(ctx, countOfGroup, []any{g.Name}, &n); err != nil {
			return err
		}
		if n >= g.Most {
			return driver.FullError{Group: g.Name}
		}
	}
	return nil
}

// crowdTime is how long a count of the operations under way is good for.
const crowdTime = time.Second

// admit refuses an operation beyond most. Near the limit they are counted each
// time; else often enough that eight nodes cannot go beyond it together.
func (s *Store) admit(ctx context.Context, most int) error {
	if most <= 0 {
		return nil
	}
	c := &s.crowd
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since >= (most-c.alive)/8 || time.Since(c.counted) > crowdTime {
		if err := s.row(ctx, countAlive, []any{most}, &c.alive); err != nil {
			return err
		}
		c.since, c.counted = 0, time.Now()
	}
	if c.alive+c.since >= most {
		return driver.ErrFull
	}
	c.since++
	return nil
}
