// SPDX-License-Identifier: GPL-3.0-or-later

package espeak_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/speech"
)

// long is an utterance whose sound does not fit a pipe: it is under way until
// all of it has been heard.
func long() speech.Utterance {
	return speech.Utterance{Text: strings.Repeat("a long story, ", 500), Voice: "gmw/en-US"}
}

// atFirstSound is a sink that calls act once.
func atFirstSound(act func()) *enginetest.Recorder {
	done := false
	return &enginetest.Recorder{OnAudio: func([]int16) error {
		if !done {
			done = true
			act()
		}
		return nil
	}}
}

// coreAndCopy are the two processes of an engine of this process that speaks.
func coreAndCopy(t *testing.T, before []int) (core, copyOfIt int) {
	t.Helper()
	var found []int
	for _, pid := range enginetest.ProcessesBelow(os.Getpid()) {
		known := false
		for _, old := range before {
			known = known || old == pid
		}
		if !known {
			found = append(found, pid)
		}
	}
	if len(found) != 2 {
		t.Fatalf("an engine that speaks has %d processes, want 2", len(found))
	}
	return found[0], found[1]
}

func TestCrashCostsOneUtterance(t *testing.T) {
	before := enginetest.ProcessesBelow(os.Getpid())
	engine := open(t)
	for _, signal := range []unix.Signal{unix.SIGSEGV, unix.SIGABRT, unix.SIGKILL} {
		err := engine.Speak(context.Background(), long(), atFirstSound(func() {
			_, copyOfIt := coreAndCopy(t, before)
			unix.Kill(copyOfIt, signal)
		}))
		if !errors.Is(err, driver.ErrFailed) || errors.Is(err, driver.ErrCrashed) {
			t.Errorf("Speak that died of %v: %v, want ErrFailed", signal, err)
		}
		if err := engine.Speak(context.Background(), long(), &enginetest.Meter{}); err != nil {
			t.Errorf("the next Speak: %v", err)
		}
	}
}

// TestHungCopyIsCanceled: a cancel needs no help of what it ends.
func TestHungCopyIsCanceled(t *testing.T) {
	before := enginetest.ProcessesBelow(os.Getpid())
	engine := open(t)
	cause := errors.New("no longer wanted")
	ctx, cancel := context.WithCancelCause(context.Background())
	err := engine.Speak(ctx, long(), atFirstSound(func() {
		_, copyOfIt := coreAndCopy(t, before)
		unix.Kill(copyOfIt, unix.SIGSTOP)
		cancel(cause)
	}))
	if !errors.Is(err, cause) {
		t.Errorf("Speak: %v, want the cause", err)
	}
	if err := engine.Speak(context.Background(), long(), &enginetest.Meter{}); err != nil {
		t.Errorf("the next Speak: %v", err)
	}
}

func TestLostCoreIsACrash(t *testing.T) {
	before := enginetest.ProcessesBelow(os.Getpid())
	engine := open(t)
	err := engine.Speak(context.Background(), long(), atFirstSound(func() {
		core, _ := coreAndCopy(t, before)
		unix.Kill(core, unix.SIGKILL)
	}))
	if !errors.Is(err, driver.ErrCrashed) {
		t.Errorf("Speak: %v, want ErrCrashed", err)
	}
}

// TestNothingOutlivesTheWorker kills a worker within an utterance, alone,
// without its process group.
func TestNothingOutlivesTheWorker(t *testing.T) {
	p := start(t)
	defer p.Close()
	var fds []unix.PollFd
	err := p.Speak(context.Background(), long(), atFirstSound(func() {
		for _, pid := range enginetest.ProcessesBelow(p.PID()) {
			fd, err := unix.PidfdOpen(pid, 0)
			if err != nil {
				t.Error(err)
			}
			defer unix.Close(fd)
			fds = append(fds, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
		}
		unix.Kill(p.PID(), unix.SIGKILL)
		if len(fds) != 2 {
			t.Errorf("a worker that speaks has %d processes, want 2", len(fds))
		}
		for i, deadline := 0, time.Now().Add(10*time.Second); i < len(fds); {
			n, _ := unix.Poll(fds[i:i+1], 1000)
			switch {
			case n == 1:
				i++
			case time.Now().After(deadline):
				t.Error("a process outlived its worker")
				return
			}
		}
	}))
	if !errors.Is(err, driver.ErrCrashed) {
		t.Errorf("Speak: %v, want ErrCrashed", err)
	}
}

// TestVoicesComeAndGo uses more voices than an engine keeps loaded.
func TestVoicesComeAndGo(t *testing.T) {
	before := len(enginetest.ProcessesBelow(os.Getpid()))
	engine := open(t)
	for range 2 {
		for _, voice := range []string{"gmw/en-US", "gmw/de", "roa/fr", "roa/es", "zle/ru", "gmw/en-US+f3"} {
			if err := engine.Speak(context.Background(), speech.Utterance{Text: "mama", Voice: voice}, &enginetest.Meter{}); err != nil {
				t.Errorf("%s: %v", voice, err)
			}
		}
	}
	if now := len(enginetest.ProcessesBelow(os.Getpid())) - before; now != 4 {
		t.Errorf("an engine keeps %d voices loaded, want 4", now)
	}
	engine.Close()
	if now := len(enginetest.ProcessesBelow(os.Getpid())) - before; now != 0 {
		t.Errorf("%d processes are left", now)
	}
}
