package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

const (
	// incremental is SQLite's number for auto_vacuum=INCREMENTAL.
	incremental = 2
	// spare is how many free pages stay in the file, to be used again.
	spare = 1024
	// shrinkSteps of shrinkPages are given back at a time, each of which holds
	// the writer for a few milliseconds.
	shrinkSteps, shrinkPages = 16, 256
)

// makeShrinkable lets the file give pages back. That takes writing it anew,
// once, which needs room: without it the file only does not shrink.
func (s *Store) makeShrinkable(ctx context.Context, db *sql.DB) error {
	var mode int
	if err := db.QueryRowContext(ctx, "PRAGMA auto_vacuum").Scan(&mode); err != nil || mode == incremental {
		return err
	}
	for _, statement := range []string{fmt.Sprintf("PRAGMA auto_vacuum = %d", incremental), "VACUUM"} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			s.log.Warn("the database cannot be rewritten so that it shrinks", "error", err)
			return nil
		}
	}
	return nil
}

// shrink gives pages back to the disk that many operations have left. What goes
// wrong costs room only.
func (s *Store) shrink(ctx context.Context) {
	if err := s.tryShrink(ctx); err != nil {
		s.log.Warn("the database does not shrink", "error", err)
	}
}

func (s *Store) tryShrink(ctx context.Context) error {
	for step := range shrinkSteps {
		var free int
		if err := s.read.QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&free); err != nil {
			return err
		}
		if free <= spare {
			if step == 0 {
				return nil
			}
			break
		}
		if err := s.giveBack(ctx, shrinkPages); err != nil {
			return err
		}
	}
	// The file ends where it should once the journal is in it.
	_, err := s.write.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return err
}

// giveBack gives n pages back, one with each row that SQLite answers.
func (s *Store) giveBack(ctx context.Context, n int) error {
	rows, err := s.write.QueryContext(ctx, fmt.Sprintf("PRAGMA incremental_vacuum(%d)", n))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}
