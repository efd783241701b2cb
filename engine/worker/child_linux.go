package worker

import (
	"errors"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// nice adds by to the priority of every thread of the group.
func nice(pid, by int) error {
	now, err := unix.Getpriority(unix.PRIO_PGRP, pid)
	if err != nil {
		return err
	}
	return unix.Setpriority(unix.PRIO_PGRP, pid, min(20-now+by, 19)) // the system call answers 20-nice
}

func limitMemory(pid int, bytes int64) error {
	limit := unix.Rlimit{Cur: uint64(bytes), Max: uint64(bytes)}
	return unix.Prlimit(pid, unix.RLIMIT_DATA, &limit, nil)
}

// widen asks for a larger pipe; a smaller one works as well.
func widen(pipe *os.File) {
	if raw, err := pipe.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeBytes) })
	}
}

func killGroup(pid int) { unix.Kill(-pid, unix.SIGKILL) }

// awaitExit waits until the command has ended and leaves its pid taken until
// cmd.Wait, so that its group can still be killed by that number.
func awaitExit(cmd *exec.Cmd) {
	for {
		err := unix.Waitid(unix.P_PID, cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			return
		}
	}
}
