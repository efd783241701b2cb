package command

import "syscall"

// apart keeps a server from the keys of a terminal, which are the program's, and
// ends it with this process.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
