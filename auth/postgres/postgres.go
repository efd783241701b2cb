// Package postgres keeps keys in the database that the nodes of a server share: a
// store of package auth/keys. It has one table of one row, beside those of the
// operations.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/lectern/lectern/auth/keys"
)

// connections is how many are open at most: one that reads and one that changes.
const connections = 2

// connectTime is how long the database may take to take a connection.
const connectTime = 5 * time.Second

type store struct{ pool *pgxpool.Pool }

var _ keys.Store = (*store)(nil)

// Open opens the store in the database that url names, in PostgreSQL's form. No
// connection is made before one is needed.
func Open(ctx context.Context, url string) (keys.Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("the address of the keys' database: %w", err) // without the password
	}
	config.MaxConns, config.MinConns = connections, 0
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTime
	}
	if parameters := config.ConnConfig.RuntimeParams; parameters["application_name"] == "" {
		parameters["application_name"] = "lectern keys"
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return &store{pool}, nil
}

// Migrate makes the table, if it is not there. Many may do so at once.
func Migrate(ctx context.Context, url string) error {
	opened, err := Open(ctx, url)
	if err != nil {
		return err
	}
	defer opened.Close()
	return pgx.BeginFunc(ctx, opened.(*store).pool, prepare)
}

// Close implements keys.Store.
func (s *store) Close() error {
	s.pool.Close()
	return nil
}

// Load implements keys.Store. Before the first key there may be no table.
func (s *store) Load(ctx context.Context, mark string) (document []byte, now string, err error) {
	var version int64
	err = s.pool.QueryRow(ctx, `SELECT version, CASE WHEN version::text = $1 THEN NULL ELSE document END FROM keys`, mark).Scan(&version, &document)
	var answered *pgconn.PgError
	switch {
	case errors.Is(err, pgx.ErrNoRows), errors.As(err, &answered) && answered.Code == "42P01":
		return nil, "none", nil
	case err != nil:
		return nil, "", fmt.Errorf("the keys' database: %w", err)
	}
	return document, strconv.FormatInt(version, 10), nil
}

// Change implements keys.Store.
func (s *store) Change(ctx context.Context, edit func([]byte) ([]byte, error)) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := prepare(tx); err != nil {
			return err
		}
		var document []byte
		if err := tx.QueryRow(ctx, `SELECT document FROM keys`).Scan(&document); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		changed, err := edit(document)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO keys (version, document) VALUES (1, $1)
			ON CONFLICT (one) DO UPDATE SET version = keys.version + 1, document = $1`, changed)
		return err
	})
}

// prepare makes the table and keeps all others from changing it until tx has ended.
// The number is any that nobody else uses in this database.
func prepare(tx pgx.Tx) error {
	ctx, cancel := context.WithTimeout(context.Background(), connectTime)
	defer cancel()
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('lectern keys ' || current_schema()))`); err != nil {
		return err
	}
	var there bool
	if err := tx.QueryRow(ctx, `SELECT to_regclass('keys') IS NOT NULL`).Scan(&there); err != nil || there {
		return err // who may change it need not be allowed to make it
	}
	_, err := tx.Exec(ctx, `CREATE TABLE keys (one boolean PRIMARY KEY DEFAULT true CHECK (one), version bigint NOT NULL, document bytea NOT NULL)`)
	return err
}
