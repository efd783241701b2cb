package file

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// Files is the file system of a [Store], below its root: what os.Root does.
// Names have slashes and do not begin with one.
type Files interface {
	Lstat(name string) (fs.FileInfo, error)
	Stat(name string) (fs.FileInfo, error)
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	// OpenDir opens a folder whose entries are read some at a time.
	OpenDir(name string) (fs.ReadDirFile, error)
	Mkdir(name string, perm fs.FileMode) error
	MkdirAll(name string, perm fs.FileMode) error
	Rename(from, to string) error
	Remove(name string) error
	RemoveAll(name string) error
	// SyncDir makes the entries of a folder durable.
	SyncDir(name string) error
	Close() error
}

// File is an open file: what *os.File does.
type File interface {
	io.ReadWriteSeeker
	io.ReaderAt
	io.WriterAt
	io.Closer
	Name() string
	Stat() (fs.FileInfo, error)
	Truncate(size int64) error
	Sync() error
	Fd() uintptr
}

// rooted is the Files of a directory of the system.
type rooted struct{ *os.Root }

func (r rooted) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	f, err := r.Root.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err // and no File that holds a nil
	}
	return f, nil
}

func (r rooted) ReadDir(name string) ([]fs.DirEntry, error) {
	dir, err := r.Open(name)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	return dir.ReadDir(-1)
}

func (r rooted) OpenDir(name string) (fs.ReadDirFile, error) {
	dir, err := r.Open(name)
	if err != nil {
		return nil, err
	}
	return dir, nil
}

func (r rooted) SyncDir(name string) error {
	dir, err := r.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
