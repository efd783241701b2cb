package sqlite

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"time"
)

// OpenHasty is Open without waiting for the disk.
func OpenHasty(ctx context.Context, dir string, log *slog.Logger) (*Store, error) {
	return open(ctx, dir, "OFF", log)
}

// Fill keeps the database from growing, as a full disk does; Drain lets it
// grow again.
func (s *Store) Fill(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, "PRAGMA max_page_count = 1") // raised by SQLite to the present size
	return err
}

func (s *Store) Drain(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, "PRAGMA max_page_count = 1000000")
	return err
}

// MakeVersion1 makes a database as the first version of the schema had it.
func MakeVersion1(ctx context.Context, dir string, log *slog.Logger) error {
	db, err := openPool(filepath.Join(dir, fileName), 1, "_txlock=immediate")
	if err != nil {
		return err
	}
	return errors.Join(migrateRiver(ctx, db.DB, riverVersion[1], log), apply(ctx, db.DB, "migrations/0001.sql", 1), db.Close())
}

// SetNow replaces the machine's clock.
func (s *Store) SetNow(now func() time.Time) { s.now = now }
