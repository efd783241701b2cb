package worker

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// A worker parses strangers' text in C. It keeps its user, for it must read its
// voices, but neither that user's powers nor a way to more.

// confine takes the calling thread's privileges for good; what it starts then has
// none. The thread must not do anything else for this process afterwards. Of files it
// may read the system's and what is readable, or all if that is nil.
func confine(readable []string) error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("giving up further privileges: %w", err)
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return fmt.Errorf("giving up capabilities: %w", err)
	}
	// Without new privileges, an exec by root gets no more than these: none.
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&header, &none[0]); err != nil {
		return fmt.Errorf("giving up capabilities: %w", err)
	}
	if readable != nil {
		if err := fence(readable); err != nil {
			return fmt.Errorf("giving up files: %w", err)
		}
	}
	filterCalls()
	return nil
}

func isFirstThread() bool { return unix.Gettid() == unix.Getpid() }

// mostFiles is enough for an engine's data and the sockets of its own helpers.
const mostFiles = 128

// restrain limits what a worker can do to the machine by its files: it writes to
// pipes and nowhere else.
func restrain(pid int) error {
	for resource, most := range map[int]uint64{unix.RLIMIT_NOFILE: mostFiles, unix.RLIMIT_FSIZE: 0, unix.RLIMIT_CORE: 0} {
		var now unix.Rlimit
		if err := unix.Prlimit(pid, resource, nil, &now); err != nil {
			return err
		}
		most = min(most, now.Max)
		if err := unix.Prlimit(pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil); err != nil {
			return err
		}
	}
	return nil
}
