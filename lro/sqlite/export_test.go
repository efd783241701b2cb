package sqlite

import (
	"context"
	"log/slog"
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
