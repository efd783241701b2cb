package command

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSayInterrupted: no half file, and no temporary one, is left behind,
// whoever speaks.
func TestSayInterrupted(t *testing.T) {
	dir := installProgram(t)
	server := startServer(t, dir)
	for name, args := range map[string][]string{"here": nil, "by a server": {"--server", server.address}} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			args := append([]string{"say", "First this. HOLD it.", "-o", filepath.Join(out, "x.wav")}, args...)
			cmd := exec.Command(filepath.Join(dir, "lectern"), args...)
			var stderr lockedBuffer
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Process.Kill()
			server.held(t)
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
			if got, want := stderr.String(), "lectern: interrupted; nothing whole was written\n"; got != want {
				t.Errorf("said %q, want %q", got, want)
			}
			if left, err := os.ReadDir(out); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// TestInstallInterrupted: whoever presses Ctrl-C is told what became of it, not what
// it is to a program.
func TestInstallInterrupted(t *testing.T) {
	asked := make(chan struct{}, 1)
	hub := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	defer hub.Close()
	cmd := exec.Command(filepath.Join(installProgram(t), "lectern"), "voices", "install", "en_US-nobody-medium", "--hub", hub.URL, "--voices", t.TempDir())
	var stderr lockedBuffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	<-asked
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.HasPrefix(stderr.String(), "lectern: interrupted; ") {
		t.Errorf("exit code %d, and said %q", code, stderr.String())
	}
}

// TestSpeakingServerVanishes: something takes connections and drops them.
func TestSpeakingServerVanishes(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	var stdout, stderr lockedBuffer
	out := filepath.Join(t.TempDir(), "x.wav")
	code := run(t.Context(), []string{"say", "Hello", "-o", out, "--server", listener.Addr().String()},
		func(string) string { return "" }, strings.NewReader(""), &stdout, &stderr)
	want := "lectern: No server answers at " + listener.Addr().String() + "; start one with `lectern serve`.\n"
	if code != exitUnavailable || stderr.String() != want {
		t.Errorf("exit code %d and %q, want %d and %q", code, stderr.String(), exitUnavailable, want)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was written")
	}
}
