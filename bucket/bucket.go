// Package bucket keeps the finished objects of long operations, gs://bucket/object,
// in a local directory, and the scratch files they are made from.
//
// A [Directory] has three folders below one root, on one file system:
//
//	buckets/BUCKET/OBJECT   what the world sees; only ever whole objects
//	staging/ID              the outcome of one operation before it is committed,
//	staging/ID.EXTENSION    and its companions
//	scratch/ID/NAME         pieces of one operation
//
// An object is written in two steps: [Directory.Stage] and [Upload.Seal] make
// it whole and durable without showing it; [Upload.Commit] shows it by one
// rename. After a crash [Directory.Committed] tells on which side of the
// rename it happened. Names come from requests, so every access goes through
// os.Root: no name, and no symbolic link below the root, leads out of it.
//
// The package knows nothing of speech, HTTP or operations beyond their ids,
// which must be safe as file names ([0-9a-z]+). It is safe for concurrent use,
// as long as one id is staged by one caller at a time.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/lectern/lectern/fault"
)

const (
	bucketsDir = "buckets"
	stagingDir = "staging"
	scratchDir = "scratch"
)

// Directory is the store. Make one with [Open].
type Directory struct {
	root *os.Root
	path string
}

// Open makes the store below dir, creating the folders that are missing.
func Open(dir string) (*Directory, error) {
	for _, sub := range []string{bucketsDir, stagingDir, scratchDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, err
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Directory{root: root, path: dir}, nil
}

// Close ends the use of the store. What was staged stays for the next start.
func (d *Directory) Close() error { return d.root.Close() }

// Path is where the object is, for people and for messages of the server's
// own log; never for clients.
func (d *Directory) Path(o Object) string {
	return filepath.Join(d.path, bucketsDir, o.Bucket, filepath.FromSlash(o.Name))
}

func (o Object) path() string { return path.Join(bucketsDir, o.Bucket, o.Name) }

// Check reports whether o could be committed as things stand: no folder stands
// at its name, and no object stands where it needs a folder. The error is a
// fault that quotes the URI. A missing bucket is made at commit.
func (d *Directory) Check(o Object) error {
	st, err := d.root.Lstat(o.path())
	switch {
	case err == nil && st.IsDir():
		return fault.New(fault.FailedPrecondition, "%q is a folder of other objects in this store; choose another object name.", o)
	case err == nil && !st.Mode().IsRegular():
		return fault.New(fault.FailedPrecondition, "%q cannot be replaced: it is not a plain file.", o)
	case err == nil:
		return nil
	}
	for dir := path.Dir(o.path()); dir != bucketsDir; dir = path.Dir(dir) {
		st, err := d.root.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil || !st.IsDir() {
			return fault.New(fault.FailedPrecondition, "%q needs a folder where another object stands; choose another object name.", o).Because(err)
		}
		break
	}
	return nil
}

// Stage starts the outcome of operation id, to become object o. What an
// earlier attempt staged under the same id is replaced.
func (d *Directory) Stage(id string, o Object) (*Upload, error) {
	name := path.Join(stagingDir, id)
	if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := d.removeCompanions(id); err != nil {
		return nil, err
	}
	file, err := d.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	return &Upload{dir: d, id: id, file: file, name: name, object: o}, nil
}

// Committed reports whether the outcome of operation id, once sealed, has
// become object o. If it has, companions that are still unseen are shown.
func (d *Directory) Committed(id string, o Object) (bool, error) {
	_, err := d.root.Lstat(path.Join(stagingDir, id))
	if err == nil {
		return false, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if _, err := d.root.Lstat(o.path()); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return false, err
	}
	return true, d.showCompanions(id, o)
}

// Discard removes the staged outcome and the scratch of operation id. It is
// idempotent and never touches a committed object.
func (d *Directory) Discard(id string) error {
	err := d.root.Remove(path.Join(stagingDir, id))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, d.removeCompanions(id), d.root.RemoveAll(path.Join(scratchDir, id)))
}

// syncDir makes the entries of a folder durable.
func (d *Directory) syncDir(name string) error {
	dir, err := d.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Upload is one staged object. One goroutine uses it. It ends with Commit or
// Discard, either of which may follow Seal.
type Upload struct {
	dir        *Directory
	id         string
	file       *os.File
	name       string
	object     Object
	tide       tide
	companions []companion
}

// Write appends to the staged object.
func (u *Upload) Write(p []byte) (int, error) {
	n, err := u.file.Write(p)
	u.tide.wrote(u.file, n)
	return n, err
}

// Reserve leaves room for n bytes at the start, before the first Write.
func (u *Upload) Reserve(n int) error {
	u.tide.written = int64(n)
	_, err := u.file.Seek(int64(n), io.SeekStart)
	return err
}

// Fill writes what belongs into the room at the start.
func (u *Upload) Fill(p []byte) error {
	_, err := u.file.WriteAt(p, 0)
	return err
}

// Seal makes what was written durable, still unseen. No Write follows.
func (u *Upload) Seal() error {
	if err := u.sealCompanions(); err != nil {
		return errors.Join(err, u.file.Close())
	}
	if err := u.file.Sync(); err != nil {
		return errors.Join(err, u.file.Close())
	}
	if err := u.file.Close(); err != nil {
		return err
	}
	return u.dir.syncDir(stagingDir)
}

// Commit shows the sealed object, replacing one of the same name, and then its
// companions.
func (u *Upload) Commit(context.Context) error {
	target := u.object.path()
	if err := u.dir.root.MkdirAll(path.Dir(target), 0o755); err != nil {
		return fmt.Errorf("making the folder of %s: %w", u.object, err)
	}
	if err := u.dir.root.Rename(u.name, target); err != nil {
		return fmt.Errorf("showing %s: %w", u.object, err)
	}
	for dir := path.Dir(target); ; dir = path.Dir(dir) {
		if err := u.dir.syncDir(dir); err != nil {
			return err
		}
		if dir == bucketsDir {
			break
		}
	}
	return u.dir.showCompanions(u.id, u.object)
}

// Discard drops the staged object.
func (u *Upload) Discard() error {
	u.file.Close()
	for _, c := range u.companions {
		c.file.Close()
	}
	err := u.dir.root.Remove(u.name)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, u.dir.removeCompanions(u.id))
}
