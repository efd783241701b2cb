package longaudio

import (
	"io/fs"
	"strings"
	"sync"

	"github.com/lectern/lectern/bucket/file"
)

// badFiles is a file system of misfortunes.
type badFiles struct {
	file.Files
	*fate
}

// fate counts the calls of all of a history's file systems.
type fate struct {
	mu     sync.Mutex
	calls  map[string]int // by method, and "" all
	faults map[at]misfortune
	events map[int][]func()
	shown  map[string]bool // by id, or id and extension
}

// at is a place in a history.
type at struct {
	method string
	call   int
}

// call does one call, or not.
func (f *fate) call(method string, do func() error) error {
	f.mu.Lock()
	f.calls[""]++
	f.calls[method]++
	bad, fails := f.faults[at{"", f.calls[""]}]
	if !fails {
		bad, fails = f.faults[at{method, f.calls[method]}]
	}
	for _, event := range f.events[f.calls[""]] {
		event()
	}
	f.mu.Unlock()
	if fails && !bad.Lies {
		return &fs.PathError{Op: "call", Path: "somewhere", Err: bad.Error}
	}
	if err := do(); err != nil || !fails {
		return err
	}
	return &fs.PathError{Op: "call", Path: "somewhere", Err: bad.Error}
}

func (b badFiles) Lstat(name string) (st fs.FileInfo, err error) {
	err = b.call("Lstat", func() error { st, err = b.Files.Lstat(name); return err })
	return st, err
}

func (b badFiles) Stat(name string) (st fs.FileInfo, err error) {
	err = b.call("Stat", func() error { st, err = b.Files.Stat(name); return err })
	return st, err
}

func (b badFiles) OpenFile(name string, flag int, perm fs.FileMode) (file.File, error) {
	var f file.File
	err := b.call("OpenFile", func() (err error) { f, err = b.Files.OpenFile(name, flag, perm); return err })
	if err != nil {
		if f != nil {
			f.Close()
		}
		return nil, err
	}
	return badFile{f, b.fate}, nil
}

func (b badFiles) ReadDir(name string) (all []fs.DirEntry, err error) {
	err = b.call("ReadDir", func() error { all, err = b.Files.ReadDir(name); return err })
	return all, err
}

func (b badFiles) Mkdir(name string, perm fs.FileMode) error {
	return b.call("Mkdir", func() error { return b.Files.Mkdir(name, perm) })
}

func (b badFiles) MkdirAll(name string, perm fs.FileMode) error {
	return b.call("MkdirAll", func() error { return b.Files.MkdirAll(name, perm) })
}

func (b badFiles) Rename(from, to string) error {
	return b.call("Rename", func() error {
		err := b.Files.Rename(from, to)
		if name, ok := strings.CutPrefix(from, "staging/"); ok && err == nil {
			parts := strings.Split(name, ".") // of the operation, the attempt, and captions' extension
			b.mu.Lock()
			b.shown[strings.Join(append(parts[:1:1], parts[2:]...), ".")] = true
			b.mu.Unlock()
		}
		return err
	})
}

func (b badFiles) Remove(name string) error {
	return b.call("Remove", func() error { return b.Files.Remove(name) })
}

func (b badFiles) RemoveAll(name string) error {
	return b.call("RemoveAll", func() error { return b.Files.RemoveAll(name) })
}

func (b badFiles) SyncDir(name string) error {
	return b.call("SyncDir", func() error { return b.Files.SyncDir(name) })
}

// badFile is a file of misfortunes. A write that fails may have written half.
type badFile struct {
	file.File
	*fate
}

func (f badFile) Read(p []byte) (n int, err error) {
	if bad := f.call("Read", func() error { n, err = f.File.Read(p); return nil }); bad != nil {
		return 0, bad
	}
	return n, err
}

func (f badFile) ReadAt(p []byte, at int64) (n int, err error) {
	if bad := f.call("ReadAt", func() error { n, err = f.File.ReadAt(p, at); return nil }); bad != nil {
		return 0, bad
	}
	return n, err
}

func (f badFile) Write(p []byte) (n int, err error) {
	n, err = f.File.Write(p[:len(p)/2])
	if err != nil {
		return n, err
	}
	err = f.call("Write", func() error {
		m, err := f.File.Write(p[len(p)/2:])
		n += m
		return err
	})
	return n, err
}

func (f badFile) WriteAt(p []byte, at int64) (n int, err error) {
	err = f.call("WriteAt", func() error { n, err = f.File.WriteAt(p, at); return err })
	return n, err
}

func (f badFile) Stat() (st fs.FileInfo, err error) {
	err = f.call("Stat", func() error { st, err = f.File.Stat(); return err })
	return st, err
}

func (f badFile) Sync() error { return f.call("Sync", f.File.Sync) }

// Close always closes, as the system does.
func (f badFile) Close() error {
	err := f.File.Close()
	if bad := f.call("Close", func() error { return nil }); bad != nil {
		return bad
	}
	return err
}
