package sqlite

import (
	"context"
	"encoding/json"
	"time"
)

const (
	findExpired = `SELECT id FROM operations o WHERE expire_time <= ?1
		AND (end_time <= ?2 OR NOT EXISTS (SELECT 1 FROM op_tasks t WHERE t.op = o.id))
		ORDER BY expire_time LIMIT ?3`

	deleteOperations = `DELETE FROM operations WHERE id IN (SELECT value FROM json_each(?))`
	deleteAllTasks   = `DELETE FROM op_tasks WHERE op IN (SELECT value FROM json_each(?))`
	deleteAllLoads   = `DELETE FROM op_payloads WHERE op IN (SELECT value FROM json_each(?))`
	deleteAllInputs  = `DELETE FROM op_inputs WHERE op IN (SELECT value FROM json_each(?))`
)

// Expire implements driver.Store.
func (s *Store) Expire(ctx context.Context, keep time.Duration, limit int) (n int, err error) {
	now := s.clock()
	_, err = s.transact(ctx, func(t tx) error {
		ids, err := findIDs(t, findExpired, now.UnixMicro(), now.Add(-keep).UnixMicro(), limit)
		if err != nil || len(ids) == 0 {
			return err
		}
		n = len(ids)
		list, err := json.Marshal(ids)
		if err != nil {
			return err
		}
		for _, query := range []string{deleteAllTasks, deleteAllLoads, deleteAllInputs, deleteOperations} {
			if _, err := t.exec(query, string(list)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	s.shrink(ctx)
	return n, nil
}

func findIDs(t tx, query string, args ...any) (ids []string, err error) {
	rows, err := t.StmtContext(t.ctx, t.on.statements[query]).QueryContext(t.ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
