package worker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestWhatWorkersMayRead: the system's files and what is named; nothing else of this
// user's, by whatever path; nor may they reach processes that are no workers.
func TestWhatWorkersMayRead(t *testing.T) {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		t.Skip("SKIPPED: the kernel has no Landlock: ", errno)
	}
	voices, secret := t.TempDir(), filepath.Join(t.TempDir(), "operations.db")
	voice := filepath.Join(voices, "voice")
	for _, file := range []string{voice, secret} {
		if err := os.WriteFile(file, []byte("whole"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inside := filepath.Join(voices, "link")
	if err := os.Symlink(secret, inside); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(voices, outside); err != nil {
		t.Fatal(err)
	}
	parent := fmt.Sprintf("/proc/%d/", os.Getppid())
	calls := []struct {
		name string
		call func() error
		want error
	}{
		{"a voice", func() error { return opened(voice, unix.O_RDONLY) }, nil},
		{"a voice by a link", func() error { return opened(filepath.Join(outside, "voice"), unix.O_RDONLY) }, nil},
		{"the folder of voices", func() error { return opened(voices, unix.O_RDONLY|unix.O_DIRECTORY) }, nil},
		{"the system's", func() error { return opened("/proc/self/status", unix.O_RDONLY) }, nil},
		{"a sink", func() error { return opened("/dev/null", unix.O_RDWR) }, nil},
		{"a voice, to change it", func() error { return opened(voice, unix.O_WRONLY) }, unix.EACCES},
		{"a secret", func() error { return opened(secret, unix.O_RDONLY) }, unix.EACCES},
		{"a secret by a link", func() error { return opened(inside, unix.O_RDONLY) }, unix.EACCES},
		{"a secret's folder", func() error { return opened(filepath.Dir(secret), unix.O_RDONLY|unix.O_DIRECTORY) }, unix.EACCES},
		{"the users", func() error { return opened("/etc/passwd", unix.O_RDONLY) }, unix.EACCES},
		{"another's environment", func() error { return opened(parent+"environ", unix.O_RDONLY) }, unix.EACCES},
		{"another's memory", func() error { return opened(parent+"mem", unix.O_RDONLY) }, unix.EACCES},
	}
	if version >= 7 {
		calls = append(calls, struct {
			name string
			call func() error
			want error
		}{"a signal", func() error { return unix.Kill(os.Getppid(), 0) }, unix.EPERM})
	}
	got := make([]error, len(calls))
	done := make(chan struct{})
	onOwnThread(func() {
		defer close(done)
		if err := confine([]string{voices, "/no/such/folder"}); err != nil {
			t.Error(err)
			return
		}
		for i, c := range calls {
			got[i] = c.call()
		}
	})
	<-done
	for i, c := range calls {
		if !errors.Is(got[i], c.want) {
			t.Errorf("%s: %v, want %v", c.name, got[i], c.want)
		}
	}
	// Other threads are as they were.
	if _, err := os.ReadFile(secret); err != nil {
		t.Errorf("beside it: %v", err)
	}
}
