package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/lectern/lectern/lro/driver"
)

const (
	takeNames = `SELECT take_names($1, $2, $3, $4, coalesce($5::bigint, store_now()), coalesce($5::bigint, store_now()) + $6)`

	// What follows an insert that has inserted nothing, for its key is taken, takes
	// nothing either.
	takeNamesIfCreated = `SELECT take_names($1, $2, $3, $4, coalesce($5::bigint, store_now()), NULL)
		WHERE EXISTS (SELECT FROM operations WHERE id = $1)`

	releaseNames = `DELETE FROM op_names WHERE op = $1`

	// What its holder or another node is removing is left to them.
	forgetHeld = `DELETE FROM op_names USING (SELECT op, path, use FROM op_names WHERE until <= coalesce($1::bigint, store_now()) FOR UPDATE SKIP LOCKED) h
		WHERE op_names.op = h.op AND op_names.path = h.path AND op_names.use = h.use`

	getUnnamed = `SELECT o.id, o.kind, o.parent, o.owner, i.request FROM operations o LEFT JOIN op_inputs i ON i.op = o.id
		WHERE o.end_time IS NULL AND o.names IS NULL AND o.id > $1 ORDER BY o.id LIMIT $2`

	nameOperation = `WITH o AS (UPDATE operations SET names = cardinality($2::text[]) WHERE id = $1 AND end_time IS NULL AND names IS NULL RETURNING id)
		INSERT INTO op_names (op, path, use) SELECT o.id, path, use FROM o, unnest($2::text[], $3::text[]) AS w (path, use) ON CONFLICT DO NOTHING`
)

// takenCode is how take_names tells that a name is taken.
const takenCode = "LE001"

// columnsOf are names as take_names wants them.
func columnsOf(names []driver.Name) (paths, uses, folders []string) {
	paths, uses, folders = []string{}, []string{}, []string{}
	for _, n := range names {
		paths, uses = append(paths, n.Path), append(uses, n.Use)
		folders = append(folders, driver.Folders(n.Path)...)
	}
	return paths, uses, folders
}

// taken is a TakenError, where the database has said so.
func taken(err error) error {
	var told *pgconn.PgError
	if errors.As(err, &told) && told.Code == takenCode {
		return driver.TakenError{Path: told.Message}
	}
	return err
}

// createNamed creates an operation and takes its names, in one transaction that is
// sent at once.
func (s *Store) createNamed(ctx context.Context, names []driver.Name, id string, args ...any) (op driver.Operation, err error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	paths, uses, folders := columnsOf(names)
	var both pgx.Batch
	both.Queue(createOperation, args...).QueryRow(func(row pgx.Row) error {
		var unmade error
		if op, unmade = scanOperation(row); !errors.Is(unmade, pgx.ErrNoRows) {
			return unmade
		}
		return nil // and the names are not taken
	})
	both.Queue(takeNamesIfCreated, id, paths, uses, folders, s.at())
	if err := s.pool.SendBatch(ctx, &both).Close(); err != nil {
		return driver.Operation{}, taken(err)
	}
	if op.ID == "" {
		return op, pgx.ErrNoRows
	}
	return op, nil
}

// Hold implements driver.Store.
func (s *Store) Hold(ctx context.Context, names []driver.Name) (release func(), err error) {
	holder := "held-" + strings.ToLower(rand.Text())
	paths, uses, folders := columnsOf(names)
	if _, err := s.exec(ctx, takeNames, holder, paths, uses, folders, s.at(), driver.HoldTime.Microseconds()); err != nil {
		return nil, taken(err)
	}
	return sync.OnceFunc(func() {
		if _, err := s.exec(context.WithoutCancel(ctx), releaseNames, holder); err != nil {
			s.log.Debug("names that are held no longer are free in a minute", "cause", err)
		}
	}), nil
}

// Unnamed implements driver.Store.
func (s *Store) Unnamed(ctx context.Context, after string, limit int) ([]driver.Alive, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	rows, err := s.pool.Query(ctx, getUnnamed, after, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a driver.Alive, err error) {
		err = row.Scan(&a.ID, &a.Kind, &a.Parent, &a.Owner, &a.Request)
		return a, err
	})
}

// Name implements driver.Store.
func (s *Store) Name(ctx context.Context, id string, names []driver.Name) error {
	paths, uses, _ := columnsOf(names)
	_, err := s.exec(ctx, nameOperation, id, paths, uses)
	return err
}
