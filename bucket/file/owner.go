package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"

	"github.com/lectern/lectern/bucket/driver"
)

// Belongs implements driver.Store.
func (s *Store) Belongs(_ context.Context, p driver.Place, owner driver.Object) (shown, belongs bool, err error) {
	if _, err := s.root.Lstat(s.object(p)); err != nil {
		return false, false, nil // as Check says, which comes before
	}
	noted, err := s.owner(p)
	return true, err == nil && noted == owner.String(), err
}

// note is the file that says whose captions the object at p is.
func (s *Store) note(p driver.Place) string {
	sum := sha256.Sum256([]byte(p.Object.String()))
	return path.Join(s.captions, hex.EncodeToString(sum[:16]))
}

// noteOwner notes durably that p becomes captions of owner, or an object of its
// own. It comes before the rename: a note without captions does no harm.
func (s *Store) noteOwner(p driver.Place, owner driver.Object) error {
	if owner == (driver.Object{}) {
		return s.remove(s.note(p))
	}
	if noted, err := s.owner(p); err == nil && noted == owner.String() {
		return nil
	}
	f, err := s.root.OpenFile(s.note(p), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, owner.String())
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return s.root.SyncDir(s.captions)
}

// owner is the URI of the object that p was shown beside, or "".
func (s *Store) owner(p driver.Place) (string, error) {
	f, err := s.root.OpenFile(s.note(p), os.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	owner, err := io.ReadAll(f)
	return string(owner), err
}
