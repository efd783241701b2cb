//go:build unix

package install

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/lectern/lectern/fault"
)

// lock makes the caller the only one that changes the directory, and tidies up
// what others left. The system drops the lock with the process, however it dies.
func (s *Store) lock(ctx context.Context, o InstallOptions) (unlock func(), err error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	file, err := os.OpenFile(filepath.Join(s.dir, lockFile), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	fd := int(file.Fd())
	err = syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		if o.DoNotWait {
			file.Close()
			return nil, fault.New(fault.Aborted, "Another process is installing or removing voices in the same directory.")
		}
		o.report(Progress{Phase: Waiting})
		locked := make(chan error, 1)
		go func() { locked <- flock(fd) }()
		select {
		case err = <-locked:
		case <-ctx.Done():
			go func() { // the system call cannot be called off
				<-locked
				file.Close()
			}()
			return nil, context.Cause(ctx)
		}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	if err := s.tidy(); err != nil {
		file.Close()
		return nil, err
	}
	return func() { file.Close() }, nil
}

func flock(fd int) error {
	for {
		if err := syscall.Flock(fd, syscall.LOCK_EX); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// tidy deletes what a process left that died while it deleted, wrote a small
// file or ran a client.
func (s *Store) tidy() error {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		removeNew(filepath.Join(s.dir, e.Name()))
		inside, _ := os.ReadDir(filepath.Join(s.dir, e.Name()))
		for _, f := range inside {
			removeNew(filepath.Join(s.dir, e.Name(), f.Name()))
		}
	}
	err = os.RemoveAll(filepath.Join(s.dir, goneDir))
	return errors.Join(err, os.RemoveAll(filepath.Join(s.dir, partialDir, runsDir)))
}

// removeNew removes a file of writeWhole's.
func removeNew(path string) {
	if strings.HasPrefix(filepath.Base(path), newPrefix) {
		os.Remove(path)
	}
}

// room is how many bytes can be written below dir.
func room(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}
