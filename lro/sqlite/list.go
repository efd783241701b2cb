package sqlite

import (
	"context"
	"encoding/json"
	"math"

	"github.com/lectern/lectern/lro/driver"
)

// listQuery is the statement for one shape of query; there are six.
func listQuery(byParent, byDone, done bool) string {
	q := `SELECT` + columns + `FROM operations WHERE delete_time IS NULL AND owner = ?1`
	if byParent {
		q += ` AND parent = ?2`
	}
	q += ` AND (?7 IS NULL OR EXISTS (SELECT 1 FROM json_each(?7) u WHERE operations.parent = u.value OR substr(operations.parent, 1, length(u.value) + 1) = u.value || '/'))`
	q += ` AND (create_time, id) < (?3, ?4) AND (expire_time IS NULL OR expire_time > ?5)`
	switch {
	case byDone && done:
		q += ` AND end_time IS NOT NULL`
	case byDone:
		q += ` AND end_time IS NULL`
	}
	return q + ` ORDER BY create_time DESC, id DESC LIMIT ?6`
}

// List implements driver.Store.
func (s *Store) List(ctx context.Context, q driver.Query) ([]driver.Operation, error) {
	query := listQuery(q.Parent != "", q.Done != nil, q.Done != nil && *q.Done)
	before := int64(math.MaxInt64)
	if !q.AfterTime.IsZero() {
		before = q.AfterTime.UnixMicro()
	}
	var under any
	if q.Under != nil {
		list, err := json.Marshal(q.Under)
		if err != nil {
			return nil, err
		}
		under = string(list)
	}
	rows, err := s.read.statements[query].QueryContext(ctx, q.Owner, q.Parent, before, q.AfterID, s.micros(), q.Limit, under)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ops []driver.Operation
	for rows.Next() {
		op, err := s.scanOperation(rows)
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
	}
	return ops, rows.Err()
}
