//go:build unix && !linux

package install

import (
	"errors"
	"syscall"
)

func exchange(string, string) error { return errors.ErrUnsupported }

func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
