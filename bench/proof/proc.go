package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// children are the process ids of the children of pid.
func children(pid int) []int {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	var all []int
	for _, file := range lists {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has ended
		}
		for field := range strings.FieldsSeq(string(raw)) {
			if child, err := strconv.Atoi(field); err == nil {
				all = append(all, child)
			}
		}
	}
	slices.Sort(all)
	return all
}

// cpuTime is what all threads of pid have used, user and system. It comes from
// the process's CPU clock, to the nanosecond except that the current slice of a
// running thread is seen at the next tick of the kernel only.
func cpuTime(pid int) (time.Duration, error) {
	const schedulerClock = 2
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid)<<3|schedulerClock, &t); err != nil {
		return 0, err
	}
	return time.Duration(t.Nano()), nil
}

// sinceBoot is now, after the machine's boot.
func sinceBoot() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// bornAt is when pid was started, after the machine's boot, to the hundredth of a
// second before; 0 when it is gone.
func bornAt(pid int) time.Duration {
	const birth = 20 // behind the name; see treeTime
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	fields := strings.Fields(string(raw[max(0, bytes.LastIndexByte(raw, ')')):]))
	if len(fields) <= birth {
		return 0
	}
	ticks, _ := strconv.Atoi(fields[birth])
	return time.Duration(ticks) * 10 * time.Millisecond
}

// below are the process ids of pid's children, their children, and so on.
func below(pid int) []int {
	found := children(pid)
	for i := 0; i < len(found); i++ {
		found = append(found, children(found[i])...)
	}
	return found
}

// treeTime is what pid and all processes below it have used, those included
// that have ended; these are counted in hundredths of a second.
func treeTime(pid int) time.Duration {
	used, _ := cpuTime(pid)
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	// The name may hold anything; behind it, user and system time of the
	// children that were waited for are the 14th and 15th field.
	if fields := strings.Fields(string(raw[max(0, bytes.LastIndexByte(raw, ')')):])); len(fields) > 15 {
		for _, ticks := range fields[14:16] {
			n, _ := strconv.Atoi(ticks)
			used += time.Duration(n) * 10 * time.Millisecond
		}
	}
	for _, child := range children(pid) {
		used += treeTime(child)
	}
	return used
}

// isRunnable reports whether a thread of pid runs or waits for a core.
func isRunnable(pid int) bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	for _, file := range threads {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		// The state follows the name, which may hold anything, in brackets.
		if _, state, ok := strings.Cut(string(raw[max(0, bytes.LastIndexByte(raw, ')')):]), ") "); ok && state[0] == 'R' {
			return true
		}
	}
	return false
}

// isDying reports whether pid is gone, ends, or has been killed.
func isDying(pid int) bool {
	const exiting, killed = 0x4, 1 << 8 // PF_EXITING; SIGKILL in a set of signals
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	// Behind the name: the state, and as the seventh the flags; see treeTime.
	fields := strings.Fields(string(raw[max(0, bytes.LastIndexByte(raw, ')')):]))
	if len(fields) < 8 || fields[1] == "Z" || fields[1] == "X" {
		return true
	}
	if flags, _ := strconv.ParseUint(fields[7], 10, 64); flags&exiting != 0 {
		return true
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return true
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		if name == "SigPnd" || name == "ShdPnd" {
			if pending, _ := strconv.ParseUint(strings.TrimSpace(value), 16, 64); pending&killed != 0 {
				return true
			}
		}
	}
	return false
}

// memory is one line of /proc/PID/status in bytes: VmRSS or VmHWM.
func memory(pid int, line string) (int64, error) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), line+":"); ok {
			kB, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kB << 10, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no %s", pid, line)
}

// processesOf are the running processes whose executable lies in dir.
func processesOf(dir string) []int {
	entries, _ := os.ReadDir("/proc")
	var found []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		exe, err := os.Readlink(filepath.Join("/proc", e.Name(), "exe"))
		if err == nil && filepath.Dir(exe) == dir {
			found = append(found, pid)
		}
	}
	return found
}

// machineBusy reads how long all cores together have worked and have been
// there, since boot, in ticks.
func machineBusy() (busy, all float64) {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0
	}
	const idle, iowait, steal = 3, 4, 7
	for i, field := range strings.Fields(firstLine(string(raw)))[1:] {
		if i > steal {
			break // guests are counted as user already
		}
		ticks, _ := strconv.ParseFloat(field, 64)
		all += ticks
		if i != idle && i != iowait {
			busy += ticks
		}
	}
	return busy, all
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }
