package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// riverVersion is the version of River's own schema that goes with each of
// ours, by number.
var riverVersion = []int{0, 8}

// migrate brings the schema to the newest version that this program knows, in
// one transaction. Migrations are numbered from 1; the file's user_version is
// the number of the last one.
func migrate(ctx context.Context, db *sql.DB, log *slog.Logger) error {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return err
	}
	var have int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return err
	}
	if have > len(files) {
		return fmt.Errorf("the database has schema version %d, and this program knows versions up to %d: a newer version of the server has used it. Run that version, or restore a backup that is older", have, len(files))
	}
	if have == len(files) {
		return nil
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after Commit
	for n := have + 1; n <= len(files); n++ {
		if err := apply(ctx, tx, files[n-1], riverVersion[n], log); err != nil {
			return fmt.Errorf("migration %d: %w", n, err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(files))); err != nil {
		return err
	}
	return tx.Commit()
}

func apply(ctx context.Context, tx *sql.Tx, file string, river int, log *slog.Logger) error {
	migrator, err := rivermigrate.New(riversqlite.New(nil), &rivermigrate.Config{Logger: quiet(log)})
	if err != nil {
		return err
	}
	if _, err := migrator.MigrateTx(ctx, tx, rivermigrate.DirectionUp, &rivermigrate.MigrateOpts{TargetVersion: river}); err != nil {
		return err
	}
	statements, err := migrationFiles.ReadFile(file)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, string(statements))
	return err
}
