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
		WHERE o.delete_time IS NULL AND o.owner = $2 AND (o.create_time, o.id) < ($3::bigint, $4::text) AND (o.expire_time IS NULL OR o.expire_time > t.now)`
	if byParent {
		// The two that say nothing new have the planner expect few, as there may be: from
		// a table of one parent it learns that every operation has any parent, and reads
		// all of the owner's.
		q += ` AND o.parent = $6 AND o.parent >= $6 AND o.parent <= $6`
	}
	switch {
	case byDone && done:
		q += ` AND o.end_time IS NOT NULL`
	case byDone:
		q += ` AND o.end_time IS NULL`
	}
	return q + ` ORDER BY o.create_time DESC, o.id DESC LIMIT $5`
}

// getParents goes from parent to parent by the index, past all operations of each. What
// begins with a name and a slash stands between that and the name with the byte after
// the slash. What says nothing new of the parent is there as in listQuery.
const getParents = `WITH RECURSIVE below (name, parent) AS (
		SELECT u, (u || '/') COLLATE "C" FROM unnest($2::text[]) u
		UNION
		SELECT name, (SELECT o.parent FROM operations o WHERE o.delete_time IS NULL AND o.owner = $1
			AND o.parent > below.parent AND o.parent < name || '0' ORDER BY o.owner, o.parent LIMIT 1)
		FROM below WHERE below.parent IS NOT NULL
	)
	SELECT (SELECT o.parent FROM operations o WHERE o.delete_time IS NULL AND o.owner = $1
		AND o.parent = u AND o.parent >= u AND o.parent <= u LIMIT 1) AS parent FROM unnest($2::text[]) u
	UNION
	SELECT parent FROM below WHERE parent <> name || '/'`

// Parents implements driver.Store.
func (s *Store) Parents(ctx context.Context, owner string, under []string) ([]string, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	rows, err := s.pool.Query(ctx, `SELECT parent FROM (`+getParents+`) p WHERE parent IS NOT NULL`, owner, under)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// List implements driver.Store.
func (s *Store) List(ctx context.Context, q driver.Query) ([]driver.Operation, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	before := int64(math.MaxInt64)
	if !q.AfterTime.IsZero() {
		before = q.AfterTime.UnixMicro()
	}
	args := []any{s.at(), q.Owner, before, q.AfterID, q.Limit}
	if q.Parent != "" {
		args = append(args, q.Parent)
	}
	rows, err := s.pool.Query(ctx, listQuery(q.Parent != "", q.Done != nil, q.Done != nil && *q.Done), args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (driver.Operation, error) { return scanOperation(row) })
}
