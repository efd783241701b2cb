package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
)

const (
	// In one order, so that nodes that count at the same time do not lock each other out.
	addSums = `INSERT INTO sums (day, account, what, n)
		SELECT day, account, what, sum(n) FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS u (day, account, what, n)
		GROUP BY day, account, what ORDER BY day COLLATE "C", account COLLATE "C", what COLLATE "C"
		ON CONFLICT (day, account, what) DO UPDATE SET n = sums.n + excluded.n`

	getSums = `SELECT day, account, what, n FROM sums WHERE day BETWEEN $1 AND $2 ORDER BY day, account, what`

	deleteSums = `DELETE FROM sums WHERE day < $1`
)

var _ driver.Counter = (*Store)(nil)

// Count implements driver.Counter.
func (s *Store) Count(ctx context.Context, more []driver.Sum) error {
	var days, accounts, whats []string
	var n []int64
	for _, m := range more {
		days, accounts, whats, n = append(days, m.Day), append(accounts, m.Account), append(whats, m.What), append(n, m.N)
	}
	_, err := s.exec(ctx, addSums, days, accounts, whats, n)
	return err
}

// Counted implements driver.Counter.
func (s *Store) Counted(ctx context.Context, first, last string) ([]driver.Sum, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	rows, err := s.pool.Query(ctx, getSums, first, last)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[driver.Sum])
}

// Uncount implements driver.Counter.
func (s *Store) Uncount(ctx context.Context, before string) error {
	_, err := s.exec(ctx, deleteSums, before)
	return err
}
