package worker

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The filter of system calls does not see what files a worker reads: it has its
// parent's user, whose texts, sound and keys may lie beside the voices. Landlock
// does: a worker reads the system's files, its own and those of its voices, and
// writes to devices that keep nothing. It also keeps a worker from its parent's
// memory, and from sending signals to whatever is no worker.

// systemFiles are what programs read of the system they run on, wherever it has it.
// Of /etc and /dev they are what the loader and the C library look at: other files
// there may be this user's secrets, and are this user's disks if it is root.
var systemFiles = []string{
	"/bin", "/lib", "/lib32", "/lib64", "/usr", "/nix/store", "/gnu/store", "/proc", "/sys",
	"/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ld.so.preload",
	"/etc/locale.alias", "/etc/localtime", "/etc/nsswitch.conf", "/etc/os-release",
	"/dev/random", "/dev/urandom",
}

// sinks are devices that a program may write to.
var sinks = []string{"/dev/null", "/dev/zero", "/dev/full"}

// Rights of Landlock, and since which version the kernel knows them.
const (
	readFiles  = unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR | unix.LANDLOCK_ACCESS_FS_EXECUTE
	writeFiles = unix.LANDLOCK_ACCESS_FS_WRITE_FILE
	allSince1  = unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1 // all up to it
	allSince2  = unix.LANDLOCK_ACCESS_FS_REFER
	allSince3  = unix.LANDLOCK_ACCESS_FS_TRUNCATE
	allSince5  = unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	netSince4  = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	// Version 6 has these scopes too, and keeps threads of one process from signals to
	// each other.
	apartSince7 = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
)

// fence keeps the calling thread, and all that it starts, from files that are
// neither the system's nor readable. Where the kernel has no Landlock it does nothing:
// a worker's other limits hold.
func fence(readable []string) error {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return nil // ENOSYS, or EOPNOTSUPP where it is not switched on
	}
	rules := unix.LandlockRulesetAttr{Handled_access_fs: allSince1}
	size := unsafe.Sizeof(rules.Handled_access_fs)
	if version >= 2 {
		rules.Handled_access_fs |= allSince2
	}
	if version >= 3 {
		rules.Handled_access_fs |= allSince3
	}
	if version >= 4 {
		rules.Handled_access_net, size = netSince4, size+unsafe.Sizeof(rules.Handled_access_net)
	}
	if version >= 5 {
		rules.Handled_access_fs |= allSince5
	}
	if version >= 7 {
		rules.Scoped, size = apartSince7, size+unsafe.Sizeof(rules.Scoped)
	}
	set, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), size, 0)
	if errno != 0 {
		return fmt.Errorf("making Landlock's rules: %w", errno)
	}
	defer unix.Close(int(set))
	for _, path := range append(append([]string{}, systemFiles...), readable...) {
		if err := allow(int(set), path, readFiles); err != nil {
			return err
		}
	}
	for _, path := range sinks {
		if err := allow(int(set), path, readFiles|writeFiles|rules.Handled_access_fs&allSince3); err != nil {
			return err
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, set, 0, 0); errno != 0 {
		return fmt.Errorf("following Landlock's rules: %w", errno)
	}
	return nil
}

// allow adds a rule for a path and what is below it. What is not there needs none.
func allow(set int, path string, rights uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EACCES) || errors.Is(err, unix.ENOTDIR) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening %s: %w", path, err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("looking at %s: %w", path, err)
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		rights &^= unix.LANDLOCK_ACCESS_FS_READ_DIR
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(fd)}
	if _, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(set), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("allowing %s: %w", path, errno)
	}
	return nil
}
