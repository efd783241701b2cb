package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/fault"
)

// Begin implements driver.Store. Whatever the operation has staged before goes.
func (s *Store) Begin(_ context.Context, a driver.Attempt) (driver.Upload, error) {
	if a.Suffix == "" { // the object's attempt comes before its captions'
		earlier, err := s.ofOperation(a.Operation)
		if err != nil {
			return nil, err
		}
		for _, name := range earlier {
			if err := s.remove(name); err != nil {
				return nil, err
			}
		}
	}
	f, err := s.root.OpenFile(s.staged(a), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	u := &upload{store: s, attempt: a, file: f}
	if a.Head > 0 {
		u.tide.written = int64(a.Head)
		if _, err := f.Seek(int64(a.Head), io.SeekStart); err != nil {
			return nil, errors.Join(err, u.Abort(context.Background()))
		}
	}
	return u, nil
}

// upload is a staged file.
type upload struct {
	store   *Store
	attempt driver.Attempt
	file    File
	tide    tide
	closed  bool
}

// Body implements driver.Upload. A disk does not keep a write waiting for long,
// so nothing but the caller looks at the context.
func (u *upload) Body(context.Context) audio.ZeroWriter { return u }

// Write appends to the staged file.
func (u *upload) Write(p []byte) (int, error) {
	n, err := u.file.Write(p)
	u.tide.wrote(u.file, n)
	return n, err
}

// WriteZeros implements audio.ZeroWriter: zeros take no room on most disks, the
// file gets a hole.
func (u *upload) WriteZeros(n int64) error {
	end, err := u.file.Seek(n, io.SeekCurrent)
	if err != nil {
		return err
	}
	u.tide.written = end
	return u.file.Truncate(end)
}

// Seal implements driver.Upload. The object is sealed after its captions and
// makes their names durable with its own.
func (u *upload) Seal(_ context.Context, head []byte) (driver.Receipt, error) {
	if len(head) != u.attempt.Head {
		return driver.Receipt{}, fmt.Errorf("a head of %d bytes where room was left for %d", len(head), u.attempt.Head)
	}
	if len(head) > 0 {
		if _, err := u.file.WriteAt(head, 0); err != nil {
			return driver.Receipt{}, errors.Join(err, u.close())
		}
	}
	if err := u.file.Sync(); err != nil {
		return driver.Receipt{}, errors.Join(err, u.close())
	}
	st, err := u.file.Stat()
	if err := errors.Join(err, u.close()); err != nil {
		return driver.Receipt{}, err
	}
	receipt := driver.Receipt{Attempt: u.attempt, Kind: u.store.Kind(), Size: st.Size(), Mark: markOf(st)}
	if u.attempt.Suffix != "" {
		return receipt, nil
	}
	return receipt, u.store.root.SyncDir(u.store.staging)
}

func (u *upload) close() error {
	if u.closed {
		return nil
	}
	u.closed = true
	return u.file.Close()
}

// Abort implements driver.Upload. What closing tells of lost writes is of no
// concern any more.
func (u *upload) Abort(context.Context) error {
	_ = u.close()
	return u.store.remove(u.store.staged(u.attempt))
}

// Commit implements driver.Store. Its error is a fault, as Check's, if something
// has come into the way meanwhile.
func (s *Store) Commit(ctx context.Context, r driver.Receipt) error {
	err := s.show(r)
	// The removal of another object may take the folder away that was just made.
	for range mostShows - 1 {
		if !errors.Is(err, fs.ErrNotExist) || s.isGone(r) {
			break
		}
		err = s.show(r)
	}
	switch {
	case err == nil:
	case s.isGone(r):
		// By an earlier call, perhaps.
		shown, unread := s.shows(r)
		if unread != nil {
			return unread
		}
		if !shown {
			return &driver.Error{Class: driver.Gone, Where: "what was staged for " + r.Place.Object.String(), Err: err}
		}
	default:
		if inTheWay := s.Check(ctx, r.Place); inTheWay != nil {
			return fault.From(inTheWay).Because(err)
		}
		return err
	}
	return s.syncUp(r)
}

// mostShows is how often Commit tries.
const mostShows = 5

// show gives an attempt's file the name of its object.
func (s *Store) show(r driver.Receipt) error {
	target := s.object(r.Place)
	if err := s.root.MkdirAll(path.Dir(target), 0o755); err != nil {
		return err
	}
	if err := s.noteOwner(r.Place, r.Owner); err != nil {
		return err
	}
	return s.root.Rename(s.staged(r.Attempt), target)
}

// isGone reports whether an attempt's file is not there any more.
func (s *Store) isGone(r driver.Receipt) bool {
	_, err := s.root.Lstat(s.staged(r.Attempt))
	return errors.Is(err, fs.ErrNotExist)
}

// shows reports whether the file of a receipt is the one that shows.
func (s *Store) shows(r driver.Receipt) (bool, error) {
	st, err := s.root.Lstat(s.object(r.Place))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ENAMETOOLONG):
		return false, nil
	case err != nil:
		return false, err
	}
	return st.Mode().IsRegular() && r.Mark != "" && markOf(st) == r.Mark, nil
}

// Committed implements driver.Store. Once the staged file is removed no rename
// can show it.
func (s *Store) Committed(_ context.Context, r driver.Receipt) (bool, error) {
	shown, err := s.shows(r)
	if err == nil && !shown {
		if err = s.remove(s.staged(r.Attempt)); err == nil {
			shown, err = s.shows(r) // a rename may have come before the removal
		}
	}
	if err != nil || !shown {
		return false, err
	}
	return true, s.syncUp(r)
}

// Abort implements driver.Store.
func (s *Store) Abort(_ context.Context, r driver.Receipt) error {
	return s.remove(s.staged(r.Attempt))
}

// syncUp makes an object's name durable, and the folders on the way to it, which
// captions share with their object.
func (s *Store) syncUp(r driver.Receipt) error {
	for dir := path.Dir(s.object(r.Place)); ; dir = path.Dir(dir) {
		if err := s.root.SyncDir(dir); err != nil || dir == s.objects || r.Suffix != "" {
			return err
		}
	}
}
