package enginetest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// process is a line of the system's table of processes.
type process struct {
	parent    int
	name      string
	state     string
	used      time.Duration // usedBelow included
	usedBelow time.Duration // by children that it has waited for
}

// processes is the system's table, by id; empty where there is no /proc.
func processes() map[int]process {
	found := map[int]process{}
	if runtime.GOOS != "linux" {
		return found
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		// The name, in parentheses, may hold anything; the rest follows it.
		name, rest := string(stat), ""
		if i := strings.LastIndexByte(name, ')'); i >= 0 {
			name, rest = name[:i], name[i+1:]
		}
		fields := strings.Fields(rest)
		if len(fields) < 15 {
			continue
		}
		number := func(i int) int { n, _ := strconv.Atoi(fields[i]); return n }
		// /proc counts in hundredths of a second on every Linux there is.
		ticks := func(i int) time.Duration { return time.Duration(number(i)) * 10 * time.Millisecond }
		p := process{parent: number(1), name: name, state: fields[0], usedBelow: ticks(13) + ticks(14)}
		p.used = ticks(11) + ticks(12) + p.usedBelow
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		found[pid] = p
	}
	return found
}

// children are the processes that this one has started and that were not
// waited for, by id.
func children() map[int]string {
	found := map[int]string{}
	for pid, p := range processes() {
		if p.parent == os.Getpid() {
			found[pid] = fmt.Sprintf("%s (state %s)", p.name, p.state)
		}
	}
	return found
}

// ProcessesBelow are the ids of a process's children, theirs, and so on.
func ProcessesBelow(pid int) []int {
	all := processes()
	found := []int{pid}
	for i := 0; i < len(found); i++ {
		for id, p := range all {
			if p.parent == found[i] {
				found = append(found, id)
			}
		}
	}
	return found[1:]
}

// noneLeft fails the test if there are children that were not there before.
func noneLeft(t *testing.T, before map[int]string) {
	for pid, what := range children() {
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
