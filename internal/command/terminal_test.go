package command

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/lectern/lectern/ttsapi/client"
)

const ctrlC = "\x03"

// session is the program on a terminal of 80 columns.
type session struct {
	t        *testing.T
	terminal *os.File
	cmd      *exec.Cmd
	mu       sync.Mutex
	screen   bytes.Buffer
	changed  chan struct{} // closed and made anew with each output
	exited   chan struct{} // closed at the end, when all output was read
}

// onTerminal starts the program of dir on a terminal.
func onTerminal(t *testing.T, dir string, env []string, args ...string) *session {
	t.Helper()
	return beginOnTerminal(t, exec.Command(filepath.Join(dir, "lectern"), args...), env)
}

// beginOnTerminal starts cmd; what it has no place for goes to the terminal.
func beginOnTerminal(t *testing.T, cmd *exec.Cmd, env []string) *session {
	t.Helper()
	s := &session{t: t, cmd: cmd, changed: make(chan struct{}), exited: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), env...)
	var err error
	if s.terminal, err = pty.StartWithSize(s.cmd, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	go s.read()
	t.Cleanup(func() {
		s.cmd.Process.Kill()
		<-s.exited
		s.terminal.Close()
	})
	return s
}

func (s *session) read() {
	block := make([]byte, 4096)
	for {
		n, err := s.terminal.Read(block)
		s.mu.Lock()
		s.screen.Write(block[:n])
		close(s.changed)
		s.changed = make(chan struct{})
		s.mu.Unlock()
		if err != nil { // the other end was closed
			s.cmd.Wait()
			close(s.exited)
			return
		}
	}
}

// all is everything that was shown so far.
func (s *session) all() (text string, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.screen.String(), s.changed
}

// expect waits until text is shown after the byte from, and returns where it ends.
func (s *session) expect(from int, text string) int {
	s.t.Helper()
	late := time.After(patience)
	exited := s.exited
	for {
		shown, changed := s.all()
		if i := strings.Index(shown[from:], text); i >= 0 {
			return from + i + len(text)
		}
		if exited == nil {
			s.t.Fatalf("ended without %q:\n%q", text, shown)
		}
		select {
		case <-changed:
		case <-exited:
			exited = nil // look once more: now all output is there
		case <-late:
			s.t.Fatalf("%q does not come:\n%q", text, shown)
		}
	}
}

func (s *session) typed(keys string) {
	s.t.Helper()
	if _, err := s.terminal.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// end waits for the program's end and checks its exit code.
func (s *session) end(code int) {
	s.t.Helper()
	select {
	case <-s.exited:
	case <-time.After(patience):
		shown, _ := s.all()
		s.t.Fatalf("does not end:\n%q", shown)
	}
	if got := s.cmd.ProcessState.ExitCode(); got != code {
		shown, _ := s.all()
		s.t.Errorf("exit code %d, want %d:\n%q", got, code, shown)
	}
}

// followed is a `long --wait` that is held half-way by the server's gate.
type followed struct {
	*session
	server  *testServer
	name    string
	at      int // the end of what is known of the screen
	release func()
}

func followHeld(t *testing.T, dir string, server *testServer) *followed {
	f := &followed{server: server}
	os.Remove(server.object("shelf", "book.wav"))
	// Two shards: one is spoken, the other is held.
	book := filepath.Join(t.TempDir(), "book.txt")
	text := strings.Repeat("All is well here. ", 300) + "\n\nHOLD it now.\n"
	if err := os.WriteFile(book, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f.session = onTerminal(t, dir, nil, "long", book, "gs://shelf/book.wav", "--wait", "--server", f.server.address)
	f.release = f.server.held(t)
	f.at = f.expect(0, "\r\n")
	shown, _ := f.all()
	f.name = strings.TrimSpace(shown[:f.at])
	t.Cleanup(func() { server.cancel(t, f.name) })
	f.at = f.expect(f.at, eraseLine+"[####")
	return f
}

// state asks the server how the operation stands.
func (f *followed) state() client.State {
	f.t.Helper()
	op, err := f.server.client(f.t).Operation(f.t.Context(), f.name)
	if err != nil {
		f.t.Fatal(err)
	}
	return op.State
}

func (f *followed) objectExists() bool {
	_, err := os.Stat(f.server.object("shelf", "book.wav"))
	return err == nil
}

func TestLongOnTerminal(t *testing.T) {
	dir := installProgram(t)
	server := startServer(t, dir)
	for name, test := range map[string]func(*followed){
		"the bar is drawn until the end":              barUntilDone,
		"an interrupt asks, yes cancels":              interruptCancels,
		"an interrupt asks, no goes on":               interruptAnsweredNo,
		"a second interrupt leaves it running":        secondInterruptLeaves,
		"it ends by itself while the question stands": endsBeforeTheAnswer,
	} {
		t.Run(name, func(t *testing.T) { test(followHeld(t, dir, server)) })
	}
}

func barUntilDone(f *followed) {
	f.at = f.expect(f.at, "#-")
	f.at = f.expect(f.at, "% ")
	f.release()
	f.expect(f.at, "\r\x1b[Klectern: gs://shelf/book.wav is written ("+f.server.object("shelf", "book.wav")+")\r\n")
	f.end(exitOK)
	if !f.objectExists() {
		f.t.Error("there is no object")
	}
}

func interruptCancels(f *followed) {
	f.typed(ctrlC)
	f.at = f.expect(f.at, question)
	if s := f.state(); s != client.Running {
		f.t.Errorf("%s while the question stands", s)
	}
	f.typed("y\n")
	f.expect(f.at, " was cancelled; nothing is written\r\n")
	f.end(exitInterrupted)
	if s := f.state(); s != client.Cancelled || f.objectExists() {
		f.t.Errorf("operation %s, object %v", s, f.objectExists())
	}
}

func interruptAnsweredNo(f *followed) {
	f.typed(ctrlC)
	f.at = f.expect(f.at, question)
	f.typed("\n")
	f.at = f.expect(f.at, eraseLine+"[####")
	f.typed(ctrlC) // it can be asked again
	f.at = f.expect(f.at, question)
	f.typed("n\n")
	f.at = f.expect(f.at, eraseLine+"[####")
	f.release()
	f.expect(f.at, "is written (")
	f.end(exitOK)
}

func secondInterruptLeaves(f *followed) {
	f.typed(ctrlC)
	f.at = f.expect(f.at, question)
	f.typed(ctrlC)
	id := idOf(f.name)
	f.expect(f.at, "left running; cancel it with `lectern operations cancel "+id+"`\r\n")
	f.end(exitInterrupted)
	if s := f.state(); s != client.Running {
		f.t.Errorf("operation is %s", s)
	}
}

func endsBeforeTheAnswer(f *followed) {
	f.typed(ctrlC)
	f.at = f.expect(f.at, question)
	f.release()
	f.expect(f.at, "is written (")
	f.end(exitOK)
}

// TestInterruptWithoutTerminal: Ctrl-C reaches a program whose output is piped,
// too; nobody can be asked.
func TestInterruptWithoutTerminal(t *testing.T) {
	dir := installProgram(t)
	server := startServer(t, dir)
	cmd := exec.Command(filepath.Join(dir, "lectern"), "long", "-", "gs://shelf/book.wav", "--wait", "--server", server.address)
	cmd.Stdin = strings.NewReader("HOLD it.")
	var stdout lockedBuffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	server.held(t)
	// The first line of progress comes when it is followed.
	var said bytes.Buffer
	block := make([]byte, 4096)
	interrupted := false
	for {
		n, err := stderr.Read(block)
		said.Write(block[:n])
		if !interrupted && strings.Contains(said.String(), "0% after ") {
			interrupted = true
			cmd.Process.Signal(os.Interrupt)
		}
		if err != nil {
			break
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		t.Errorf("ended with %v, want exit code %d", err, exitInterrupted)
	}
	name := strings.TrimSpace(stdout.String())
	want := fmt.Sprintf("lectern: interrupted; the operation is left running; cancel it with `lectern operations cancel %s`\n", idOf(name))
	if !strings.HasSuffix(said.String(), want) {
		t.Errorf("said %q, want at its end %q", said.String(), want)
	}
	op, err := server.client(t).Operation(t.Context(), name)
	if err != nil || op.State != client.Running {
		t.Errorf("the operation is %s, %v; want running", op.State, err)
	}
}

// TestSayPlays: without -o a terminal hears the sound, by the first player.
func TestSayPlays(t *testing.T) {
	dir := installProgram(t)
	heard := filepath.Join(t.TempDir(), "heard.wav")
	players := t.TempDir()
	for _, name := range []string{"aplay", "play"} {
		script := fmt.Sprintf("#!/bin/sh\necho %s \"$@\"\n/bin/cat >'%s'\n", name, heard)
		if err := os.WriteFile(filepath.Join(players, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "hello.wav")
	s := onTerminal(t, dir, []string{"PATH=" + players}, "say", "Hello", "-o", file)
	s.end(exitOK)
	onTerminal(t, dir, []string{"PATH=" + players}, "say", "Hello").end(exitOK)
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// Its header says "until the end": it came before the sound's length was known.
	const header = 44
	if got, err := os.ReadFile(heard); err != nil || len(got) != len(want) || !bytes.Equal(got[header:], want[header:]) || bytes.Equal(got[:header], want[:header]) {
		t.Errorf("the player heard %d bytes, %v; want the %d of the file", len(got), err, len(want))
	}

	failing := t.TempDir()
	if err := os.WriteFile(filepath.Join(failing, "aplay"), []byte("#!/bin/sh\nexit 3\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	s = onTerminal(t, dir, []string{"PATH=" + failing}, "say", "Hello")
	s.expect(0, "use -o FILE\r\n")
	s.end(exitFailed)

	s = onTerminal(t, dir, []string{"PATH=" + t.TempDir()}, "say", "Hello")
	s.expect(0, "lectern: none of aplay, paplay, play, ffplay is installed to play the sound; use -o FILE\r\n")
	s.end(exitUsage)
}

// TestSayPlaysWhileItSpeaks: the first sentence is heard before the engine begins
// the second.
func TestSayPlaysWhileItSpeaks(t *testing.T) {
	dir, players := installProgram(t), t.TempDir()
	reports, heard := filepath.Join(t.TempDir(), "reports"), filepath.Join(t.TempDir(), "heard")
	if err := syscall.Mkfifo(reports, 0o600); err != nil {
		t.Fatal(err)
	}
	// Half of the first sentence is heard, then all of it.
	script := fmt.Sprintf("#!/bin/sh\n/usr/bin/head -c 5000 >'%s'\necho heard >'%s'\n/bin/cat >>'%s'\n", heard, reports, heard)
	if err := os.WriteFile(filepath.Join(players, "aplay"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	gate := filepath.Join(t.TempDir(), "gate")
	held, err := net.Listen("unix", gate)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	s := onTerminal(t, dir, []string{"PATH=" + players, "LECTERN_WORKER_GATE=" + gate}, "say", "Hello there. HOLD this one.")
	at, err := held.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if report, err := os.ReadFile(reports); err != nil || string(report) != "heard\n" {
		t.Errorf("the player reports %q, %v", report, err)
	}
	at.Close()
	s.end(exitOK)
	const header, character = 44, 2 * 480
	if sound, err := os.ReadFile(heard); err != nil || len(sound) < header+20*character {
		t.Errorf("the player heard %d bytes, %v", len(sound), err)
	}
}

func TestWordsForATerminal(t *testing.T) {
	dir := installProgram(t)
	document := filepath.Join(t.TempDir(), "good.ssml")
	if err := os.WriteFile(document, []byte("<speak>Hello</speak>"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := onTerminal(t, dir, nil, "ssml", "check", document)
	s.expect(0, "valid\r\n")
	s.end(exitOK)

	s = onTerminal(t, dir, nil, "say")
	s.expect(0, "lectern: there is nothing to say; give the text as an argument, or - to read it from the standard input\r\n")
	s.end(exitUsage)

	// Ctrl-C while the text is being typed.
	s = onTerminal(t, dir, nil, "say", "-", "-o", filepath.Join(t.TempDir(), "none.wav"))
	s.typed("Hello")
	s.expect(0, "Hello")
	s.typed(ctrlC)
	s.end(-1)
}
