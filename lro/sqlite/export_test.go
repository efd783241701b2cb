package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"
)

// OpenAt is Open with another clock.
func OpenAt(ctx context.Context, dir string, clock func() time.Time, log *slog.Logger) (*Store, error) {
	return open(ctx, dir, "FULL", clock, log)
}

// OpenHasty is OpenAt without waiting for the disk.
func OpenHasty(ctx context.Context, dir string, clock func() time.Time, log *slog.Logger) (*Store, error) {
	return open(ctx, dir, "OFF", clock, log)
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

// MakeVersion makes a database as an earlier version of the schema had it, and
// fills it.
func MakeVersion(ctx context.Context, dir string, version int, fill string) error {
	db, err := openPool(filepath.Join(dir, fileName), 1, "_txlock=immediate")
	if err != nil {
		return err
	}
	for n := 1; n <= version && err == nil; n++ {
		err = apply(ctx, db.DB, fmt.Sprintf("migrations/%04d.sql", n), n)
	}
	if err == nil {
		_, err = db.ExecContext(ctx, fill)
	}
	return errors.Join(err, db.Close())
}

// SetNow replaces the machine's clock.
func (s *Store) SetNow(now func() time.Time) { s.now = now }
