package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// OpenAt is Open with another clock for what clients see.
func OpenAt(ctx context.Context, url string, clock func() time.Time, log *slog.Logger) (*Store, error) {
	if _, _, err := Migrate(ctx, url); err != nil {
		return nil, err
	}
	return open(ctx, url, clock, log)
}

// MakeVersion makes a database as an earlier version of the schema had it.
func MakeVersion(ctx context.Context, url string, version int) error {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	for n := 1; n <= version && err == nil; n++ {
		err = apply(ctx, conn, fmt.Sprintf("migrations/%04d.sql", n), n)
	}
	return errors.Join(err, conn.Close(ctx))
}

// PlansOfCancels are how often a connection of the store has made a plan for each of a
// cancel's statements that it knows.
func (s *Store) PlansOfCancels(ctx context.Context) (plans []int, err error) {
	rows, err := s.pool.Query(ctx, `SELECT generic_plans FROM pg_prepared_statements WHERE statement = ANY($1)`,
		[]string{lockSeen, endOperation, wishCancel})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int])
}

// PlansOfLists are the plans, kept for any values, of the statements by which a caller is
// told what is in sight.
func (s *Store) PlansOfLists(ctx context.Context) (plans []string, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	const values = "(1, '', 1, '', 10, 'projects/b')"
	for query, values := range map[string]string{
		listQuery(true, false, false): values,
		listQuery(true, true, false):  values,
		listQuery(true, true, true):   values,
		getParents:                    "('', '{projects/b}')",
	} {
		name := fmt.Sprintf("plan%d", len(plans))
		if _, err := conn.Conn().Prepare(ctx, name, query); err != nil {
			return nil, err
		}
		rows, err := conn.Query(ctx, "EXPLAIN EXECUTE "+name+values, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return nil, err
		}
		steps, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return nil, err
		}
		plans = append(plans, strings.Join(steps, "\n"))
	}
	return plans, nil
}
