// Package bucket keeps the finished objects of long operations, gs://bucket/object,
// in a local directory, and the scratch files they are made from.
//
// A [Directory] has four folders below one root, on one file system:
//
//	buckets/BUCKET/OBJECT   what the world sees; only ever whole objects
//	staging/ID              the outcome of one operation before it is committed,
//	staging/ID.EXTENSION    and its companions
//	scratch/ID/NAME         pieces of one operation
//	companions/HASH         of which object the one of this name is a companion
//
// An object is written in two steps: [Directory.Stage] and [Upload.Seal] make
// it whole and durable without showing it; [Upload.Commit] shows it by one
// rename. After a crash [Directory.Committed] tells on which side of the
// rename it happened, by the [Upload.Receipt] of what was staged. Names come from requests, so every access goes through
// os.Root: no name, and no symbolic link below the root, leads out of it.
//
// The package knows nothing of speech, HTTP or operations beyond their ids,
// which must be safe as file names ([0-9a-z]+). It is safe for concurrent use,
// as long as one id is staged by one caller at a time.
package bucket

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/lectern/lectern/fault"
)

const (
	bucketsDir    = "buckets"
	stagingDir    = "staging"
	scratchDir    = "scratch"
	companionsDir = "companions"
)

// Directory is the store. Make one with [Open].
type Directory struct {
	root  Files
	path  string
	names reservations
}

// Open makes the store below dir, creating the folders that are missing.
func Open(dir string) (*Directory, error) {
	return OpenOn(dir, func(f Files) Files { return f })
}

// OpenOn is Open on another file system, made of dir's: one that fails, in
// tests.
func OpenOn(dir string, over func(Files) Files) (*Directory, error) {
	for _, sub := range []string{bucketsDir, stagingDir, scratchDir, companionsDir} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return nil, err
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	files := rooted{root}
	if err := files.SyncDir("."); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return &Directory{root: over(files), path: dir}, nil
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
// at its name, no object stands where it needs a folder, and the file system
// can have such a name. The error is a fault that quotes the URI. A missing
// bucket is made at commit.
func (d *Directory) Check(o Object) error {
	st, err := d.root.Lstat(o.path())
	switch {
	case errors.Is(err, syscall.ENAMETOOLONG) || len(path.Base(o.Name)) > maxPart:
		return fault.New(fault.FailedPrecondition, "%s has a part that is too long for a file name of this store; choose a shorter object name.", quote(o.String())).Because(err)
	case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) && !escapes(err):
		return fault.New(fault.FailedPrecondition, "This store cannot say what stands at %q; choose another object name.", o).Because(err)
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

// escapes reports whether a name leads out of the root, which is told as what
// stands in its way.
func escapes(err error) bool { return strings.Contains(err.Error(), "path escapes") }

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

// Committed reports whether the outcome of operation id that has this receipt
// is what object o is now. If it is, companions that are still unseen are shown;
// the error may be an [UnshownError] then. An empty receipt is of no outcome.
func (d *Directory) Committed(id string, o Object, receipt []byte) (bool, error) {
	st, err := d.root.Lstat(o.path())
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ENAMETOOLONG):
		return false, nil
	case err != nil:
		return false, err
	case !st.Mode().IsRegular() || len(receipt) == 0 || string(receiptOf(st)) != string(receipt):
		return false, nil
	}
	if err := d.syncUp(o); err != nil {
		return false, err
	}
	return true, d.showCompanions(id, o)
}

// Kept are the ids of operations of which anything is staged or in scratch.
func (d *Directory) Kept() (ids []string, err error) {
	for _, dir := range []string{stagingDir, scratchDir} {
		entries, unread := d.root.ReadDir(dir)
		err = errors.Join(err, unread)
		for _, e := range entries {
			id, _, _ := strings.Cut(e.Name(), ".")
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// Discard removes the staged outcome and the scratch of operation id, and ends
// its reservation. It is idempotent and never touches a committed object.
func (d *Directory) Discard(id string) error {
	d.Release(id)
	err := d.root.Remove(path.Join(stagingDir, id))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, d.removeCompanions(id), d.root.RemoveAll(path.Join(scratchDir, id)))
}

// syncUp makes the way to an object durable.
func (d *Directory) syncUp(o Object) error {
	for dir := path.Dir(o.path()); ; dir = path.Dir(dir) {
		if err := d.root.SyncDir(dir); err != nil || dir == bucketsDir {
			return err
		}
	}
}

// Upload is one staged object. One goroutine uses it. It ends with Commit or
// Discard, either of which may follow Seal.
type Upload struct {
	dir        *Directory
	id         string
	file       File
	name       string
	object     Object
	tide       tide
	companions []companion
	receipt    []byte
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
	st, err := u.file.Stat()
	if err := errors.Join(err, u.file.Close()); err != nil {
		return err
	}
	u.receipt = receiptOf(st)
	return u.dir.root.SyncDir(stagingDir)
}

// Receipt tells the sealed object from every other one, for
// [Directory.Committed]: a rename does not change it.
func (u *Upload) Receipt() []byte { return u.receipt }

// Commit shows the sealed object, replacing one of the same name, and then its
// companions. The error is an [UnshownError] if only a companion could not be
// shown, and a fault of FAILED_PRECONDITION, as Check's, if something has come
// into the way meanwhile.
func (u *Upload) Commit(context.Context) error {
	target := u.object.path()
	err := u.dir.root.MkdirAll(path.Dir(target), 0o755)
	if err == nil {
		err = u.dir.disown(u.object)
	}
	if err == nil {
		err = u.dir.root.Rename(u.name, target)
	}
	if err != nil {
		if inTheWay := u.dir.Check(u.object); inTheWay != nil {
			return fault.From(inTheWay).Because(err)
		}
		return err
	}
	if err := u.dir.syncUp(u.object); err != nil {
		return err
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

// Room is [Room] of the directory.
func (d *Directory) Room() (free, total int64, err error) { return Room(d.path) }
