package lectern

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/lectern/lectern/bucket/file"
)

// reserve is a file in the data directory that holds room for nothing, until the
// disk is full: then it is given up, so that the server can start, and operations
// be cancelled and deleted, which is how a person makes room.
type reserve struct {
	path string
	size int64
	free func(dir string) (int64, error)
	log  *slog.Logger

	mu sync.Mutex
}

const (
	reserveName = "reserve"
	reserveSize = 8 << 20
)

// newReserve is a reserve of 8 MiB, or of a sixteenth of a small disk.
func newReserve(data string, log *slog.Logger) *reserve {
	r := &reserve{path: filepath.Join(data, reserveName), size: reserveSize, free: freeSpace, log: log}
	if _, total, err := file.Room(data); err == nil {
		r.size = min(r.size, total/16)
	}
	return r
}

// keep makes the file when it is missing and there is room for it, some times.
func (r *reserve) keep() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if st, err := os.Stat(r.path); err == nil && st.Size() >= r.size {
		return
	}
	if free, err := r.free(filepath.Dir(r.path)); err != nil || free < 4*r.size {
		return
	}
	if err := r.write(); err != nil {
		r.log.Warn("there is no room for a reserve", "file", r.path, "cause", err)
		_ = os.Remove(r.path)
	}
}

// write makes the file, of other bytes than zeros, which some file systems do not store.
func (r *reserve) write() error {
	f, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	some := []byte(strings.Repeat("Lectern's reserve: it is given up when the disk is full.\n", 1024))
	for left := r.size; left > 0 && err == nil; left -= int64(len(some)) {
		_, err = f.Write(some)
	}
	return errors.Join(err, f.Close())
}

// giveUp removes the file, and reports whether that made room.
func (r *reserve) giveUp() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := os.Remove(r.path); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.log.Error("the reserve cannot be given up", "file", r.path, "cause", err)
		}
		return false
	}
	r.log.Warn("the disk is full: the reserve is given up", "file", r.path)
	return true
}

// onFullDisk gives the reserve up when there is next to no room.
func (r *reserve) onFullDisk() {
	if free, err := r.free(filepath.Dir(r.path)); err == nil && free < r.size/8 {
		r.giveUp()
	}
}

// openedWithRoom opens what lives in the data directory, once more without the
// reserve if the disk is full, and says what to do with what is damaged.
func openedWithRoom[T any](r *reserve, open func() (T, error)) (T, error) {
	opened, err := open()
	if err != nil && isFull(err) && r.giveUp() {
		opened, err = open()
	}
	switch {
	case err == nil:
	case isFull(err):
		err = fmt.Errorf("%w; the disk of %s is full: remove objects below buckets/, or something else, and start again", err, filepath.Dir(r.path))
	case isDamaged(err):
		err = fmt.Errorf("%w; the database is damaged: restore a backup of operations.db, or move it aside together with operations.db-wal and operations.db-shm and start with no operations; finished objects below buckets/ are not affected", err)
	}
	return opened, err
}

// The store tells its database's errors by their text only.

func isFull(err error) bool {
	return strings.Contains(err.Error(), "disk is full") || strings.Contains(err.Error(), "no space left")
}

func isDamaged(err error) bool {
	return strings.Contains(err.Error(), "malformed") || strings.Contains(err.Error(), "not a database")
}
