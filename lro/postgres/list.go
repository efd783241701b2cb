package postgres

import (
	"context"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
)

// listQuery is the statement for one shape of query; there are six.
func listQuery(byParent, byDone, done bool) string {
	q := `SELECT` + columns + `FROM operations o, (SELECT coalesce($1::bigint, store_now()) AS now) t
		WHERE o.delete_time IS NULL AND o.owner = $2 AND (o.create_time, o.id) < ($3::bigint, $4::text) AND (o.expire_time IS NULL OR o.expire_time > t.now)
		AND ($6::text[] IS NULL OR EXISTS (SELECT 1 FROM unnest($6::text[]) u WHERE o.parent = u OR starts_with(o.parent, u || '/')))`
	if byParent {
		q += ` AND o.parent = $7`
	}
	switch {
	case byDone && done:
		q += ` AND o.end_time IS NOT NULL`
	case byDone:
		q += ` AND o.end_time IS NULL`
	}
	return q + ` ORDER BY o.create_time DESC, o.id DESC LIMIT $5`
}

// List implements driver.Store.
func (s *Store) List(ctx context.Context, q driver.Query) ([]driver.Operation, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	before := int64(math.MaxInt64)
	if !q.AfterTime.IsZero() {
		before = q.AfterTime.UnixMicro()
	}
	args := []any{s.at(), q.Owner, before, q.AfterID, q.Limit, q.Under}
	if q.Parent != "" {
		args = append(args, q.Parent)
	}
	rows, err := s.pool.Query(ctx, listQuery(q.Parent != "", q.Done != nil, q.Done != nil && *q.Done), args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (driver.Operation, error) { return scanOperation(row) })
}
