package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
