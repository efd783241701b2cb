package config

import (
	"os"

	"golang.org/x/sys/unix"
)

// totalMemory is how much memory the machine has, in bytes.
func totalMemory() int64 {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return unknownMemory
	}
	return int64(info.Totalram) * int64(info.Unit)
}

func memoryLimit() int64 { return cgroupMemory(os.DirFS("/")) }
