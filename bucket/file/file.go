// Package file is the driver of objects in a directory of this machine, or of one
// that several machines have mounted, for package bucket.
//
// A [Store] has these folders below one root, on one file system:
//
//	OBJECTS/KEY                     what the world sees; only ever whole objects
//	staging/ID.NUMBER[.EXTENSION]   what an attempt has not shown yet
//	companions/HASH                 whose captions the object of this name is
//	scratch/ID/NAME                 pieces of one operation ([Store.Scratch])
//
// An object shows by one rename. Which file it is, is told by inode, size and
// time of the last write, which a rename does not change. Names come from
// requests, so every access goes through os.Root: no name, and no symbolic link
// below the root, leads out of it.
package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/fault"
)

// layout is where the folders are, below the root.
type layout struct{ objects, staging, captions, scratch string }

var (
	// dataDirectory is that of a server's own directory, where BUCKET is the
	// first part of the keys.
	dataDirectory = layout{"buckets", "staging", "companions", "scratch"}
	// oneBucket is that of a directory that is a bucket itself.
	oneBucket = layout{".", driver.Hidden + "/staging", driver.Hidden + "/companions", driver.Hidden + "/scratch"}
)

// ahead is how many objects have a head start at once, each of which is an open
// file and half of an object on the disk.
const ahead = 16

// Store is a directory of objects. Make one with [Open] or [OpenBucket].
type Store struct {
	layout
	root Files
	path string
	read stretches
}

var _ driver.Store = (*Store)(nil)

// Open makes the store below dir, creating the folders that are missing:
// objects are below buckets/.
func Open(dir string) (*Store, error) {
	return OpenOn(dir, func(f Files) Files { return f })
}

// OpenOn is Open on another file system, made of dir's: one that fails, in
// tests.
func OpenOn(dir string, over func(Files) Files) (*Store, error) {
	return open(dir, dataDirectory, over)
}

// OpenBucket is Open for a directory that is one bucket: objects are at its top,
// and what they need is below .lectern/.
func OpenBucket(dir string) (*Store, error) {
	return open(dir, oneBucket, func(f Files) Files { return f })
}

func open(dir string, at layout, over func(Files) Files) (*Store, error) {
	for _, sub := range []string{at.objects, at.staging, at.scratch, at.captions} {
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
	return &Store{layout: at, root: over(files), path: dir}, nil
}

// Close ends the use of the store. What was staged stays for the next start.
func (s *Store) Close() error { return s.root.Close() }

// Kind implements driver.Store.
func (s *Store) Kind() string { return "file" }

// Ahead implements driver.Store.
func (s *Store) Ahead() int { return ahead }

// Path is where a key's object is, for people and programs of this machine.
func (s *Store) Path(key string) string {
	return filepath.Join(s.path, s.objects, filepath.FromSlash(key))
}

// object is the path of a place below the root.
func (s *Store) object(p driver.Place) string { return path.Join(s.objects, p.Key) }

// maxPart is the longest name of a file, in bytes, on all common file systems.
const maxPart = 255

// Check implements driver.Store: no folder stands at the object's name, no
// object stands where it needs a folder, and the file system can have such a
// name. A folder that is missing is made at the commit.
func (s *Store) Check(_ context.Context, p driver.Place) error {
	refuse := func(format string) *fault.Error {
		return fault.New(fault.FailedPrecondition, format, p.Object)
	}
	name := s.object(p)
	st, err := s.root.Lstat(name)
	switch {
	case driver.IsHidden(p.Key):
		return refuse("%q is where this store keeps what is not shown yet; choose another object name.")
	case errors.Is(err, syscall.ENAMETOOLONG) || len(path.Base(p.Key)) > maxPart:
		return fault.New(fault.FailedPrecondition, "%s has a part that is too long for a file name of this store; choose a shorter object name.", short(p.Object)).Because(err)
	case err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) && !escapes(err):
		return refuse("This store cannot say what stands at %q; choose another object name.").Because(err)
	case err == nil && st.IsDir():
		return refuse("%q is a folder of other objects in this store; choose another object name.")
	case err == nil && !st.Mode().IsRegular():
		return refuse("%q cannot be replaced: it is not a plain file.")
	case err == nil:
		return nil
	}
	for dir := path.Dir(name); dir != s.objects; dir = path.Dir(dir) {
		st, err := s.root.Stat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil || !st.IsDir() {
			return refuse("%q needs a folder where another object stands; choose another object name.").Because(err)
		}
		break
	}
	return nil
}

// short is an object's URI, quoted and not too long for a message.
func short(o driver.Object) string {
	const most = 80
	uri := o.String()
	if len(uri) > most {
		uri = strings.ToValidUTF8(uri[:most], "") + "…"
	}
	return `"` + uri + `"`
}

// escapes reports whether a name leads out of the root, which is told as what
// stands in its way.
func escapes(err error) bool { return strings.Contains(err.Error(), "path escapes") }

// staged is the file of an attempt.
func (s *Store) staged(a driver.Attempt) string {
	name := a.Operation
	if a.Number != "" {
		name += "." + a.Number
	}
	return path.Join(s.staging, name+a.Suffix)
}

// ofOperation are the staged files of one operation.
func (s *Store) ofOperation(operation string) (names []string, err error) {
	entries, err := s.root.ReadDir(s.staging)
	for _, e := range entries {
		if id, _, _ := strings.Cut(e.Name(), "."); id == operation {
			names = append(names, path.Join(s.staging, e.Name()))
		}
	}
	return names, err
}

// Kept implements driver.Store.
func (s *Store) Kept(context.Context) ([]string, error) {
	entries, err := s.root.ReadDir(s.staging)
	var ids []string
	for _, e := range entries {
		id, _, _ := strings.Cut(e.Name(), ".")
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// Discard implements driver.Store.
func (s *Store) Discard(_ context.Context, operation string) error {
	names, err := s.ofOperation(operation)
	errs := []error{err}
	for _, name := range names {
		errs = append(errs, s.remove(name))
	}
	return errors.Join(errs...)
}

// remove removes a file that may be gone.
func (s *Store) remove(name string) error {
	if err := s.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Probe implements driver.Store.
func (s *Store) Probe(context.Context) error {
	name := path.Join(s.staging, fmt.Sprintf("probe.%d", os.Getpid()))
	f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		err = errors.Join(f.Close(), s.root.Remove(name))
	}
	if err != nil {
		return fmt.Errorf("the directory %s cannot be written: %w; give the server's user the right to, or choose another directory", s.path, err)
	}
	return nil
}
