package sqlite

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
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
	if err = apply(ctx, db.DB, 0, version); err == nil {
		_, err = db.ExecContext(ctx, fill)
	}
	return errors.Join(err, db.Close())
}

// SetNow replaces the machine's clock.
func (s *Store) SetNow(now func() time.Time) { s.now = now }

// PlansOfLists are the plans of the statements by which a caller is told what is in
// sight: how SQLite reaches each table.
func (s *Store) PlansOfLists(ctx context.Context) (plans []string, err error) {
	for query, arguments := range map[string]int{listQuery(true, false, false): 6, listQuery(true, true, false): 6, listQuery(true, true, true): 6, getParents: 2} {
		rows, err := s.read.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, make([]any, arguments)...)
		if err != nil {
			return nil, err
		}
		var steps []string
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			steps = append(steps, step)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
		plans = append(plans, strings.Join(steps, "\n"))
	}
	return plans, nil
}
