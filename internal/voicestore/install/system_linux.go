package install

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// exchange swaps two names at once.
func exchange(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}

// childAttributes put a client into a group of its own, which can be killed as
// one, and end it with this process.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
