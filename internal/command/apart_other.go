//go:build !linux

package command

import "syscall"

func apart() *syscall.SysProcAttr { return nil }
