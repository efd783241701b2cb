package main

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// spinner is a child process that uses all the CPU time it gets.
func spinner(t *testing.T) *os.Process {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: CPU times come from /proc and Linux's clocks")
	}
	cmd := exec.Command("sh", "-c", "while :; do :; done")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd.Process
}

func TestWatchSeesWorkAndItsEnd(t *testing.T) {
	w := newWatch(os.Getpid())
	child := spinner(t)
	if err := w.awaitWork(t.Context(), 20*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if idle := w.idleAfter(time.Now(), 60*time.Millisecond); idle < 30*time.Millisecond {
		t.Errorf("a process that works all the time was idle after %v", idle)
	}
	if err := child.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if idle := w.idleAfter(time.Now(), 60*time.Millisecond); idle > 30*time.Millisecond {
		t.Errorf("a process that was stopped worked for another %v", idle)
	}
}

// TestWhoIsBornLaterIsNotWatched: a worker that takes a killed one's place does not
// work for what was cancelled.
func TestWhoIsBornLaterIsNotWatched(t *testing.T) {
	w := newWatch(os.Getpid())
	since := time.Now()
	child := spinner(t)
	for bornAt(child.Pid) <= sinceBoot()-time.Since(since) { // within the clock's hundredth
		child.Kill()
		child.Wait() // of the dead nobody is below this process
		child = spinner(t)
	}
	looked := time.Since(since) // nothing is known of what was before
	if idle := w.idleAfter(since, looked+60*time.Millisecond); idle > looked+30*time.Millisecond {
		t.Errorf("work of a process that came later was counted for %v", idle-looked)
	}
	if idle := w.idleAfter(time.Now(), 60*time.Millisecond); idle < 30*time.Millisecond {
		t.Errorf("now it is there, and is idle after %v", idle)
	}
}

// TestWhoWasKilledWorksNoMore: the end of a process is that of its work, and is seen
// at once.
func TestWhoWasKilledWorksNoMore(t *testing.T) {
	w := newWatch(os.Getpid())
	child := spinner(t)
	if isDying(child.Pid) {
		t.Error("it lives, and is taken for dying")
	}
	since := time.Now()
	time.AfterFunc(20*time.Millisecond, func() { child.Kill() })
	idle := w.idleAfter(since, 100*time.Millisecond)
	if !isDying(child.Pid) {
		t.Error("it was killed, and is taken for living")
	}
	if idle < 20*time.Millisecond || idle > 60*time.Millisecond {
		t.Errorf("killed after 20 ms, it worked for %v", idle)
	}
}

// TestTreeTimeHoldsWhatHasEnded: work of a process two floors down is seen while
// it runs and stays counted when it is gone.
func TestTreeTimeHoldsWhatHasEnded(t *testing.T) {
	cmd := exec.Command("sh", "-c", "sh -c 'i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done'; echo; read line")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer stdin.Close()
	if _, err := stdout.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	own, err := cpuTime(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	if all := treeTime(cmd.Process.Pid); all < own+10*time.Millisecond {
		t.Errorf("with its children it used %v, by itself %v", all, own)
	}
}

func TestProcessesAreFoundByTheirExecutable(t *testing.T) {
	child := spinner(t)
	dir := t.TempDir()
	if found := processesOf(dir); len(found) > 0 {
		t.Errorf("%v run from an empty folder", found)
	}
	if _, err := memory(child.Pid, "VmRSS"); err != nil {
		t.Error(err)
	}
	if _, err := memory(child.Pid, "NoSuchLine"); err == nil {
		t.Error("a line that is not there was read")
	}
}
