package sqlite

import (
	"context"

	"github.com/lectern/lectern/lro/driver"
)

const (
	addSum = `INSERT INTO sums (day, account, what, n) VALUES (?, ?, ?, ?)
		ON CONFLICT (day, account, what) DO UPDATE SET n = n + excluded.n`

	getSums = `SELECT day, account, what, n FROM sums WHERE day BETWEEN ? AND ? ORDER BY day, account, what`

	deleteSums = `DELETE FROM sums WHERE day < ?`
)

var _ driver.Counter = (*Store)(nil)

// Count implements driver.Counter.
func (s *Store) Count(ctx context.Context, more []driver.Sum) error {
	_, err := s.transact(ctx, func(t tx) error {
		for _, m := range more {
			if _, err := t.exec(addSum, m.Day, m.Account, m.What, m.N); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// Counted implements driver.Counter.
func (s *Store) Counted(ctx context.Context, first, last string) ([]driver.Sum, error) {
	rows, err := s.read.statements[getSums].QueryContext(ctx, first, last)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var sums []driver.Sum
	for rows.Next() {
		var sum driver.Sum
		if err := rows.Scan(&sum.Day, &sum.Account, &sum.What, &sum.N); err != nil {
			return nil, err
		}
		sums = append(sums, sum)
	}
	return sums, rows.Err()
}

// Uncount implements driver.Counter.
func (s *Store) Uncount(ctx context.Context, before string) error {
	_, err := s.change(ctx, deleteSums, before)
	return err
}
