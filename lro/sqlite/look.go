package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
)

// Look opens the store in a directory for questions, beside a server that may be
// using it. Nothing that changes anything may be called.
func Look(ctx context.Context, dir string) (*Store, error) {
	file := filepath.Join(dir, fileName)
	s := &Store{endPulse: func() {}}
	var err error
	if s.read, err = openPool(file, 1, "mode=rw&_pragma=query_only(1)"); err != nil {
		return nil, err
	}
	if err := s.prepareToLook(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", file, errors.Join(err, s.Close()))
	}
	return s, nil
}

func (s *Store) prepareToLook(ctx context.Context) error {
	have, know, err := versions(ctx, s.read.DB)
	switch {
	case err != nil:
		return err
	case have > know:
		return newer(have, know)
	case have < know:
		return fmt.Errorf("the database has schema version %d, and this program works with version %d: the next server that starts brings it there", have, know)
	}
	return s.read.prepare(ctx, reads)
}
