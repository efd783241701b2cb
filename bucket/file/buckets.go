package file

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"syscall"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/fault"
)

// Bucket implements driver.Buckets: it is a folder.
func (s *Store) Bucket(_ context.Context, name string) (bool, error) {
	st, err := s.root.Stat(path.Join(s.objects, name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && st.IsDir(), err
}

// Buckets implements driver.Buckets.
func (s *Store) Buckets(_ context.Context, after string, limit int) (names []string, err error) {
	entries, err := s.root.ReadDir(s.objects)
	for _, e := range entries {
		if e.IsDir() && e.Name() > after && e.Name() != driver.Hidden {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names[:min(limit, len(names))], err
}

// MakeBucket implements driver.Buckets.
func (s *Store) MakeBucket(_ context.Context, name string) error {
	if err := s.root.MkdirAll(path.Join(s.objects, name), 0o755); err != nil {
		return err
	}
	return s.root.SyncDir(s.objects)
}

// RemoveBucket implements driver.Buckets.
func (s *Store) RemoveBucket(ctx context.Context, name string) error {
	held, err := s.List(ctx, driver.Listing{Prefix: name + "/", Limit: 1})
	if err != nil {
		return err
	}
	if len(held) == 0 {
		err = s.removeFolders(path.Join(s.objects, name))
	}
	if len(held) > 0 || errors.Is(err, syscall.ENOTEMPTY) || errors.Is(err, fs.ErrExist) {
		return fault.New(fault.FailedPrecondition, "The bucket %q is not empty; remove its objects first.", name)
	}
	if err != nil {
		return err
	}
	return s.root.SyncDir(s.objects)
}

// removeFolders removes a folder and the folders in it, and fails where there is
// anything else.
func (s *Store) removeFolders(dir string) error {
	entries, err := s.root.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if e.IsDir() && err == nil {
			err = s.removeFolders(path.Join(dir, e.Name()))
		}
	}
	if err != nil {
		return err
	}
	return s.remove(dir)
}
