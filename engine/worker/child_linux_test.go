package worker_test

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestWorkerDiesWithItsParent kills a parent whose worker never looks at its
// stdin, so that only the kernel can end it.
func TestWorkerDiesWithItsParent(t *testing.T) {
	self := command(t, "parent")
	parent := exec.Command(self.Path)
	parent.Env = self.Env
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	defer parent.Wait()
	line, err := bufio.NewReader(out).ReadString('\n')
	pid, convErr := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || convErr != nil {
		parent.Process.Kill()
		t.Fatalf("the parent said %q: %v, %v", line, err, convErr)
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		parent.Process.Kill()
		t.Fatal(err)
	}
	defer unix.Close(fd)
	parent.Process.Kill()
	awaited := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	for began := time.Now(); ; {
		n, err := unix.Poll(awaited, int((10 * time.Second).Milliseconds()))
		if n == 1 {
			return
		}
		if err != unix.EINTR || time.Since(began) > 10*time.Second {
			unix.Kill(pid, unix.SIGKILL)
			t.Fatal("the worker outlived its parent")
		}
	}
}

func TestWorkerIsNicedAndInItsOwnGroup(t *testing.T) {
	p := opened(t, "tone")
	pid := p.PID()
	isNiced(t, pid, 5)
	if group, err := unix.Getpgid(pid); err != nil || group != pid {
		t.Errorf("process %d is in the group %d: %v", pid, group, err)
	}
	for range 2 { // the second time it has
		p.Yield()
		isNiced(t, pid, 12)
	}
}

// isNiced looks at all threads of a process.
func isNiced(t *testing.T, pid, by int) {
	t.Helper()
	own, err := unix.Getpriority(unix.PRIO_PROCESS, os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	threads, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range threads {
		tid, _ := strconv.Atoi(thread.Name())
		// The system call answers 20 less the nice value.
		if got, err := unix.Getpriority(unix.PRIO_PROCESS, tid); err == nil && got != max(own-by, 1) {
			t.Errorf("thread %d has the nice value %d, this process %d", tid, 20-got, 20-own)
		}
	}
}
