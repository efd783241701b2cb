package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the schema to the newest version that this program knows.
func migrate(ctx context.Context, db *sql.DB) error {
	have, know, err := versions(ctx, db)
	if err != nil || have == know {
		return err
	}
	if have > know {
		return newer(have, know)
	}
	return apply(ctx, db, have, know)
}

// apply brings the schema from one version to another, in one transaction: a new
// database waits for the disk once and not for each migration. Those are numbered
// from 1; the file's user_version is the number of the last.
func apply(ctx context.Context, db *sql.DB, from, to int) error {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	for n := from + 1; n <= to; n++ {
		statements, err := migrationFiles.ReadFile(files[n-1])
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(statements)); err != nil {
			return fmt.Errorf("migration %d: %w", n, err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", to)); err != nil {
		return err
	}
	return tx.Commit()
}

// versions are that of the schema, and the newest that this program knows.
func versions(ctx context.Context, db *sql.DB) (have, know int, err error) {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return 0, 0, err
	}
	err = db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have)
	return have, len(files), err
}

func newer(have, know int) error {
	return fmt.Errorf("the database has schema version %d, and this program knows versions up to %d: a newer version of the server has used it. Run that version, or restore a backup that is older", have, know)
}
