//go:build unix

package keys

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// lock keeps other processes from changing the same file until unlock is called.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}

// inode tells a file from the one that has taken its name.
func inode(st fs.FileInfo) uint64 {
	if known, ok := st.Sys().(*syscall.Stat_t); ok {
		return known.Ino
	}
	return 0
}
