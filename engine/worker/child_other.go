//go:build unix && !linux

package worker

import (
	"os"
	"os/exec"
	"syscall"
)

// Elsewhere a worker ends when its stdin does; it has no limits and keeps the
// server's privileges.

func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func nice(pid, by int) error { return syscall.Setpriority(syscall.PRIO_PGRP, pid, by) }

func isFirstThread() bool { return false }

func confine([]string) error { return nil }

func restrain(int) error { return nil }

func limitMemory(int, int64) error { return nil }

func widen(*os.File) {}

func killGroup(pid int) { syscall.Kill(-pid, syscall.SIGKILL) }

// awaitExit waits until the command has ended.
func awaitExit(cmd *exec.Cmd) { cmd.Wait() }
