package enginetest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// children are the processes that this one has started and that were not
// waited for, by id. Empty where there is no /proc.
func children(t testing.TB) map[int]string {
	t.Helper()
	found := map[int]string{}
	if runtime.GOOS != "linux" {
		return found
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		// The name, in parentheses, may hold anything; state and parent follow it.
		name, rest := string(stat), ""
		if i := strings.LastIndexByte(name, ')'); i >= 0 {
			name, rest = name[:i], name[i+1:]
		}
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[1] != strconv.Itoa(os.Getpid()) {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		found[pid] = fmt.Sprintf("%s (state %s)", name, fields[0])
	}
	return found
}

// noneLeft fails the test if there are children that were not there before.
func noneLeft(t *testing.T, before map[int]string) {
	for pid, what := range children(t) {
		if _, old := before[pid]; !old {
			t.Errorf("process %d is left: %s", pid, what)
		}
	}
}

// KillProcess kills a process with SIGKILL, for Harness.Kill.
func KillProcess(t testing.TB, pid int) {
	t.Helper()
	process, err := os.FindProcess(pid)
	if err == nil {
		err = process.Kill()
	}
	if err != nil {
		t.Fatalf("killing process %d: %v", pid, err)
	}
}
