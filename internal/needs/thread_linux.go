package needs

import (
	"runtime"
	"syscall"
)

// attributes are those of a child that ends with the thread that started it: a test
// process that is killed leaves nothing behind.
func attributes(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT}
}

// lockThread keeps the goroutine's thread for it alone.
func lockThread() { runtime.LockOSThread() }
