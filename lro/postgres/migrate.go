package postgres

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrationLock keeps all but one of the nodes that start at once from migrating.
// The number is any that nobody else uses in this database.
const migrationLock = `SELECT pg_advisory_lock(hashtext('lectern migrations ' || current_schema()))`

// Migrate brings the schema of a database to the newest version that this program
// knows, and returns the version that it had and the one that it has. Many may do
// so at once. Migrations are numbered from 1, and each is one transaction.
func Migrate(ctx context.Context, url string) (from, to int, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return 0, 0, err
	}
	// The lock goes with the connection.
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return 0, 0, err
	}
	if from, err = version(ctx, conn); err != nil || from == len(files) {
		return from, from, err
	}
	if _, err := conn.Exec(ctx, migrationLock); err != nil {
		return from, from, err
	}
	if from, err = version(ctx, conn); err != nil {
		return from, from, err
	}
	if from > len(files) {
		return from, from, newer(from, len(files))
	}
	for to = from; to < len(files); to++ {
		if err := apply(ctx, conn, files[to], to+1); err != nil {
			return from, to, fmt.Errorf("migration %d: %w", to+1, err)
		}
	}
	return from, to, nil
}

func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := parse(url)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("the operations' database cannot be reached: %w", err)
	}
	return conn, nil
}

func newer(have, know int) error {
	return fmt.Errorf("the database has schema version %d, and this program knows versions up to %d: a newer version of the server has used it. Run that version, or restore a backup that is older", have, know)
}

// sameVersion is nil if the schema is the one that this program works with.
func sameVersion(ctx context.Context, url string) error {
	conn, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return err
	}
	have, err := version(ctx, conn)
	switch {
	case err != nil:
		return err
	case have > len(files):
		return newer(have, len(files))
	case have < len(files):
		return fmt.Errorf("the database has schema version %d, and this program works with version %d: `lectern migrate` brings it there, and so does the next server that starts", have, len(files))
	}
	return nil
}

// version is the version of the schema; 0 if there is none.
func version(ctx context.Context, conn *pgx.Conn) (n int, err error) {
	var made bool
	err = conn.QueryRow(ctx, `SELECT to_regclass('schema_version') IS NOT NULL`).Scan(&made)
	if err != nil || !made {
		return 0, err
	}
	err = conn.QueryRow(ctx, `SELECT version FROM schema_version`).Scan(&n)
	return n, err
}

func apply(ctx context.Context, conn *pgx.Conn, file string, version int) error {
	statements, err := migrationFiles.ReadFile(file)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)`); err != nil {
			return err
		}
		// Several statements at once can be sent without arguments only.
		if _, err := tx.Conn().PgConn().Exec(ctx, string(statements)).ReadAll(); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM schema_version`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO schema_version VALUES ($1)`, version)
		return err
	})
}
