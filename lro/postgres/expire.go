package postgres

import (
	"context"
	"time"
)

// expireOperations removes a batch. Nodes that do so at once take different ones.
const expireOperations = `WITH t AS (SELECT coalesce($1::bigint, store_now()) AS now),
	x AS (
		SELECT id FROM operations o, t WHERE expire_time <= t.now
		AND (end_time <= t.now - $2 OR NOT EXISTS (SELECT FROM op_tasks k WHERE k.op = o.id))
		ORDER BY expire_time LIMIT $3 FOR UPDATE OF o SKIP LOCKED),
	l AS (SELECT t.op, t.idx FROM op_tasks t JOIN x ON t.op = x.id ORDER BY t.op, t.idx FOR UPDATE OF t),
	k AS (DELETE FROM op_tasks USING l WHERE op_tasks.op = l.op AND op_tasks.idx = l.idx),
	p AS (DELETE FROM op_payloads USING x WHERE op = x.id),
	i AS (DELETE FROM op_inputs USING x WHERE op = x.id)
	DELETE FROM operations USING x WHERE operations.id = x.id`

// Expire implements driver.Store.
func (s *Store) Expire(ctx context.Context, keep time.Duration, limit int) (int, error) {
	if _, err := s.exec(ctx, forgetHeld, s.at()); err != nil {
		return 0, err
	}
	n, err := s.exec(ctx, expireOperations, s.at(), keep.Microseconds(), limit)
	return int(n), err
}
