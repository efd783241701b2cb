//go:build linux && (amd64 || arm64)

package worker

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A worker needs to read its data, to compute, and to write to pipes. What the
// kernel would do for it beyond that is refused, call by call, with EPERM: the
// network, changes to the file system, other processes' memory, and the parts of
// the kernel that seldom anybody uses and attackers do. It is a list of what is
// refused, not of what is allowed: engines bring libraries, and libraries change.

// refused are calls of which no engine needs any.
var refused = []uint32{
	// Whatever would pass by the rest of the list.
	unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_SETNS, unix.SYS_UNSHARE,
	// Names and properties of files.
	unix.SYS_UNLINKAT, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_MKDIRAT, unix.SYS_MKNODAT, unix.SYS_LINKAT,
	unix.SYS_SYMLINKAT, unix.SYS_FCHMOD, unix.SYS_FCHMODAT, unix.SYS_FCHMODAT2, unix.SYS_FCHOWN, unix.SYS_FCHOWNAT,
	unix.SYS_TRUNCATE, unix.SYS_SETXATTR, unix.SYS_LSETXATTR, unix.SYS_FSETXATTR,
	unix.SYS_REMOVEXATTR, unix.SYS_LREMOVEXATTR, unix.SYS_FREMOVEXATTR, unix.SYS_UTIMENSAT,
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_FSOPEN, unix.SYS_FSPICK,
	unix.SYS_MOVE_MOUNT, unix.SYS_OPEN_TREE, unix.SYS_MOUNT_SETATTR,
	// Other processes.
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PROCESS_MADVISE,
	unix.SYS_PIDFD_GETFD, unix.SYS_KCMP,
	// The kernel's own affairs.
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY,
	unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE, unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT,
	unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_ACCT, unix.SYS_QUOTACTL, unix.SYS_SYSLOG,
	unix.SYS_SETTIMEOFDAY, unix.SYS_CLOCK_SETTIME, unix.SYS_ADJTIMEX, unix.SYS_CLOCK_ADJTIME,
}

// newSpaces are the flags of clone that make namespaces, in which a process has
// powers.
const newSpaces = unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWPID | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWCGROUP

// making are the flags of open that change what is there. O_TMPFILE has a flag of
// its own and that of folders.
const making = unix.O_CREAT | unix.O_TRUNC | unix.O_TMPFILE&^unix.O_DIRECTORY

// filterCalls has the kernel refuse the calling thread, and all that it starts, what
// no worker needs. Where the kernel has no such filter, or a container forbids it,
// the worker runs without: its other limits hold.
func filterCalls() {
	filter := seccompFilter()
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_ = unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
	runtime.KeepAlive(filter)
}

// Where a filter finds its call: struct seccomp_data, of which the lower half of an
// argument comes first on these machines.
const (
	callNumber  = 0
	callMachine = 4
	argument    = 16
)

// assembly is a program of classic BPF. Its last instruction lets the call pass,
// and each test that hits is followed by the answer.
type assembly []unix.SockFilter

func (a *assembly) load(offset uint32) {
	*a = append(*a, unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset})
}

// answer adds a test of what was loaded, and the error when it hits.
func (a *assembly) answer(test uint16, value uint32, errno unix.Errno) {
	*a = append(*a,
		unix.SockFilter{Code: unix.BPF_JMP | test | unix.BPF_K, Jf: 1, K: value},
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(errno)})
}

// argumentOf adds a test of an argument of one call, which is refused (EPERM), and
// leaves the call's number loaded.
func (a *assembly) argumentOf(call, nth uint32, test uint16, value uint32, unless bool) {
	load := unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: argument + 8*nth}
	hit := unix.SockFilter{Code: unix.BPF_JMP | test | unix.BPF_K, Jf: 1, K: value}
	if unless {
		hit.Jt, hit.Jf = 1, 0
	}
	*a = append(*a,
		unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 4, K: call},
		load, hit,
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: callNumber})
}

func seccompFilter() []unix.SockFilter {
	var a assembly
	a.load(callMachine)
	// Another machine's calls have other numbers.
	a = append(a,
		unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: 1, K: machine},
		unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)})
	a.load(callNumber)
	a.answer(unix.BPF_JGE, foreignCalls, unix.ENOSYS)
	for _, call := range append(refused, refusedHere...) {
		a.answer(unix.BPF_JEQ, call, unix.EPERM)
	}
	// Those whose arguments lie in memory, where no filter sees them: libraries
	// then use the older ones.
	a.answer(unix.BPF_JEQ, unix.SYS_CLONE3, unix.ENOSYS)
	a.answer(unix.BPF_JEQ, unix.SYS_OPENAT2, unix.ENOSYS)
	a.argumentOf(unix.SYS_SOCKET, 0, unix.BPF_JEQ, unix.AF_UNIX, true)
	a.argumentOf(unix.SYS_CLONE, 0, unix.BPF_JSET, newSpaces, false)
	a.argumentOf(unix.SYS_OPENAT, 2, unix.BPF_JSET, making, false)
	if openHere != 0 {
		a.argumentOf(openHere, 1, unix.BPF_JSET, making, false)
	}
	return append(a, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
}
