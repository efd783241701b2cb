package config

import (
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
)

// cgroupMemory is the memory limit of this process's control group, the least
// of those around it included; root is the file system. Without a limit, or
// without control groups, it is math.MaxInt64.
func cgroupMemory(root fs.FS) int64 {
	groups, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return math.MaxInt64
	}
	least := int64(math.MaxInt64)
	for line := range strings.Lines(string(groups)) {
		// ID:CONTROLLERS:PATH, with no controllers for version 2.
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) != 3 {
			continue
		}
		mount, file := "sys/fs/cgroup", "memory.max"
		if fields[1] != "" {
			if !strings.Contains(","+fields[1]+",", ",memory,") {
				continue
			}
			mount, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		}
		// In a container the path may be the host's, and its limit stand at
		// the mount itself: every folder on the way is asked.
		for dir := path.Join(mount, fields[2]); len(dir) >= len(mount); dir = path.Dir(dir) {
			if text, err := fs.ReadFile(root, path.Join(dir, file)); err == nil {
				if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n > 0 {
					least = min(least, n)
				}
			}
		}
	}
	return least
}
