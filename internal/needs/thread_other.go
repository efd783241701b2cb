//go:build unix && !linux

package needs

import "syscall"

// attributes are those of a child; what a killed test process has started stays.
func attributes(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as}
}

func lockThread() {}
