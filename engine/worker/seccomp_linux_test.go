//go:build linux && (amd64 || arm64)

package worker

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestWhatWorkersAreRefused: on a thread that is confined as those that start
// workers are, and with what a worker does, call by call.
func TestWhatWorkersAreRefused(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "kept")
	if err := os.WriteFile(file, []byte("whole"), 0o600); err != nil {
		t.Fatal(err)
	}
	parameters := make([]byte, 120)
	calls := []struct {
		name string
		call func() error
		want error
	}{
		{"read", func() error { return opened(file, unix.O_RDONLY) }, nil},
		{"look into a folder", func() error { return opened(dir, unix.O_RDONLY|unix.O_DIRECTORY) }, nil},
		{"write to a device", func() error { return opened("/dev/null", unix.O_RDWR) }, nil},
		{"a socket to a helper", func() error { return socket(unix.AF_UNIX) }, nil},
		{"memory", func() error {
			_, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ, unix.MAP_ANON|unix.MAP_PRIVATE)
			return err
		}, nil},
		{"the network", func() error { return socket(unix.AF_INET) }, unix.EPERM},
		{"the network, by IPv6", func() error { return socket(unix.AF_INET6) }, unix.EPERM},
		{"the kernel's talk", func() error { return socket(unix.AF_NETLINK) }, unix.EPERM},
		{"a new file", func() error { return opened(filepath.Join(dir, "new"), unix.O_CREAT|unix.O_WRONLY) }, unix.EPERM},
		{"a file without a name", func() error { return opened(dir, unix.O_TMPFILE|unix.O_RDWR) }, unix.EPERM},
		{"a file made empty", func() error { return opened(file, unix.O_TRUNC|unix.O_WRONLY) }, unix.EPERM},
		{"removing", func() error { return unix.Unlink(file) }, unix.EPERM},
		{"renaming", func() error { return unix.Rename(file, file+"2") }, unix.EPERM},
		{"a new folder", func() error { return unix.Mkdir(filepath.Join(dir, "new"), 0o700) }, unix.EPERM},
		{"permissions", func() error { return unix.Chmod(file, 0o777) }, unix.EPERM},
		{"another's memory", func() error { return unix.PtraceAttach(os.Getppid()) }, unix.EPERM},
		{"powers in a space of its own", func() error { return unix.Unshare(unix.CLONE_NEWUSER) }, unix.EPERM},
		{"io_uring", func() error {
			_, _, errno := unix.RawSyscall(unix.SYS_IO_URING_SETUP, 1, uintptr(unsafe.Pointer(&parameters[0])), 0)
			return errno
		}, unix.EPERM},
		{"clone3", func() error { _, _, errno := unix.RawSyscall(unix.SYS_CLONE3, 0, 0, 0); return errno }, unix.ENOSYS},
	}
	got := make([]error, len(calls))
	missing := false
	done := make(chan struct{})
	onOwnThread(func() {
		defer close(done)
		if err := confine(nil); err != nil {
			t.Error(err)
			return
		}
		if mode, err := unix.PrctlRetInt(unix.PR_GET_SECCOMP, 0, 0, 0, 0); err != nil || mode != unix.SECCOMP_MODE_FILTER {
			missing = true
			return
		}
		for i, c := range calls {
			got[i] = c.call()
		}
	})
	<-done
	if missing {
		t.Skip("SKIPPED: the kernel, or the container, has no filters of system calls")
	}
	for i, c := range calls {
		if !errors.Is(got[i], c.want) {
			t.Errorf("%s: %v, want %v", c.name, got[i], c.want)
		}
	}
	// Other threads are as they were.
	if err := errors.Join(socket(unix.AF_INET), os.Remove(file)); err != nil {
		t.Errorf("beside it: %v", err)
	}
	runtime.KeepAlive(parameters)
}

func opened(name string, flags int) error {
	fd, err := unix.Open(name, flags, 0o600)
	if err == nil {
		unix.Close(fd)
	}
	return err
}

func socket(family int) error {
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if family == unix.AF_NETLINK {
		fd, err = unix.Socket(family, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	}
	if err == nil {
		unix.Close(fd)
	}
	return err
}
