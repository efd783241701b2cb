package sqlite

import (
	"context"

	"github.com/lectern/lectern/lro/driver"
)

const getLoad = `SELECT count(*), coalesce(sum(shards - shards_done), 0), (SELECT count(*) FROM op_tasks WHERE state = 'RUNNING' AND role <> 'discard')
	FROM operations WHERE end_time IS NULL`

// Load implements driver.Store.
func (s *Store) Load(ctx context.Context) (l driver.Load, err error) {
	err = s.read.statements[getLoad].QueryRowContext(ctx).Scan(&l.Operations, &l.Shards, &l.Running)
	return l, err
}
