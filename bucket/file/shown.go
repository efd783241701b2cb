package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"syscall"

	"github.com/lectern/lectern/bucket/driver"
)

// Stat implements driver.Shown.
func (s *Store) Stat(_ context.Context, p driver.Place) (driver.Attributes, error) {
	if driver.IsHidden(p.Key) && s.objects == oneBucket.objects {
		return driver.Attributes{}, missing(p, fs.ErrNotExist)
	}
	st, err := s.root.Lstat(s.object(p))
	if err != nil {
		return driver.Attributes{}, missing(p, err)
	}
	if !st.Mode().IsRegular() {
		return driver.Attributes{}, missing(p, fs.ErrNotExist)
	}
	return attributesOf(st), nil
}

// missing is err about an object, of class Gone where it says that none shows.
func missing(p driver.Place, err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENAMETOOLONG) || escapes(err) {
		return &driver.Error{Class: driver.Gone, Where: p.Object.String(), Err: err}
	}
	return err
}

func attributesOf(st fs.FileInfo) driver.Attributes {
	return driver.Attributes{Size: st.Size(), Changed: st.ModTime().UTC(), Generation: max(st.ModTime().UnixMicro(), 1)}
}

// Open implements driver.Shown. An open file stays what it is, whatever is renamed
// over its name.
func (s *Store) Open(ctx context.Context, p driver.Place) (driver.Reader, error) {
	if _, err := s.Stat(ctx, p); err != nil { // a pipe would not even open
		return nil, err
	}
	f, err := s.root.OpenFile(s.object(p), os.O_RDONLY, 0)
	if err != nil {
		return nil, missing(p, err)
	}
	st, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &reader{f, attributesOf(st)}, nil
}

type reader struct {
	File
	attributes driver.Attributes
}

// Attributes implements driver.Reader.
func (r *reader) Attributes() driver.Attributes { return r.attributes }

// Remove implements driver.Shown. The folders that are empty then go as well: they
// would stand in the way of an object of their name.
func (s *Store) Remove(ctx context.Context, p driver.Place) error {
	if _, err := s.Stat(ctx, p); err != nil {
		return err
	}
	name := s.object(p)
	if err := s.root.Remove(name); err != nil {
		return missing(p, err)
	}
	if err := errors.Join(s.root.SyncDir(path.Dir(name)), s.remove(s.note(p))); err != nil {
		return err
	}
	for dir, top := path.Dir(name), s.top(p); dir != top; dir = path.Dir(dir) {
		if s.root.Remove(dir) != nil { // it is not empty
			break
		}
	}
	return nil
}

// top is the folder of p's bucket, which stays when it is empty.
func (s *Store) top(p driver.Place) string {
	return path.Join(s.objects, p.Key[:len(p.Key)-len(p.Object.Name)])
}
