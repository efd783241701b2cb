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
	q += ` AND (create_time, id) < (?3, ?4) AND (expire_time IS NULL OR expire_time > ?5)`
	switch {
	case byDone && done:
		q += ` AND end_time IS NOT NULL`
	case byDone:
		q += ` AND end_time IS NULL`
	}
	return q + ` ORDER BY create_time DESC, id DESC LIMIT ?6`
}

// getParents goes from parent to parent by the index, past all operations of each. What
// begins with a name and a slash stands between that and the name with the byte after
// the slash.
const getParents = `WITH RECURSIVE below (name, parent) AS (
		SELECT value, value || '/' FROM json_each(?2)
		UNION
		SELECT name, (SELECT o.parent FROM operations o WHERE o.delete_time IS NULL AND o.owner = ?1
			AND o.parent > below.parent AND o.parent < name || '0'
			ORDER BY o.parent LIMIT 1)
		FROM below WHERE below.parent IS NOT NULL
	)
	SELECT value FROM json_each(?2) WHERE EXISTS (SELECT 1 FROM operations WHERE delete_time IS NULL AND owner = ?1 AND parent = value)
	UNION
	SELECT parent FROM below WHERE parent <> name || '/'`

// Parents implements driver.Store.
func (s *Store) Parents(ctx context.Context, owner string, under []string) ([]string, error) {
	names, err := json.Marshal(append([]string{}, under...))
	if err != nil {
		return nil, err
	}
	rows, err := s.read.statements[getParents].QueryContext(ctx, owner, string(names))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var parents []string
	for rows.Next() {
		var parent string
		if err := rows.Scan(&parent); err != nil {
			return nil, err
		}
		parents = append(parents, parent)
	}
	return parents, rows.Err()
}

// List implements driver.Store.
func (s *Store) List(ctx context.Context, q driver.Query) ([]driver.Operation, error) {
	query := listQuery(q.Parent != "", q.Done != nil, q.Done != nil && *q.Done)
	before := int64(math.MaxInt64)
	if !q.AfterTime.IsZero() {
		before = q.AfterTime.UnixMicro()
	}
	rows, err := s.read.statements[query].QueryContext(ctx, q.Owner, q.Parent, before, q.AfterID, s.micros(), q.Limit)
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
