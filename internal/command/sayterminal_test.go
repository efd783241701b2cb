package command

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/synth"
)

// What the tests below say: a sentence of 2.4 s, the tone engine has 30 ms for a
// character, and one that waits at the gate.
const (
	saidFirst = "This is one sentence of eighty characters which is spoken to its end right away."
	saidHeld  = saidFirst + " HOLD this."
	shownHeld = " 2 s spoken"
)

// gateOf is where the worker of a program that runs by itself waits.
func gateOf(t *testing.T) (env string, held func(t *testing.T) (release func())) {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "gate")
	gate, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { gate.Close() })
	s := &testServer{gate: gate}
	return "LECTERN_WORKER_GATE=" + socket, s.held
}

// piped is a pipe, and what was written into it when everybody else has closed it.
func piped(t *testing.T) (to *os.File, all func() []byte) {
	t.Helper()
	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	written := make(chan []byte, 1)
	go func() {
		b, _ := io.ReadAll(from)
		written <- b
	}()
	return to, sync.OnceValue(func() []byte { to.Close(); return <-written })
}

// TestSayShowsHowFarItIs: in every encoding, and wherever the sound goes, the bar is at
// the sentences that are spoken, and in the end it is told what was made.
func TestSayShowsHowFarItIs(t *testing.T) {
	dir, files := installProgram(t), t.TempDir()
	server := startServer(t, dir)
	env, held := gateOf(t)
	for _, c := range []struct {
		where  string // -o
		args   []string
		wait   func(t *testing.T) (release func())
		made   string
		begins string
	}{
		{"hello.wav", nil, held, "hello.wav: 2.7 s, en-US-Tone-1", "RIFF"},
		{"hello.mp3", nil, held, "hello.mp3: 2.7 s, en-US-Tone-1", ""},
		{"hello.ogg", nil, held, "hello.ogg: 2.7 s, en-US-Tone-1", "OggS"},
		{"hello.m4a", nil, held, "hello.m4a: 2.7 s, en-US-Tone-1", ""},
		{"hello.pcm", nil, held, "hello.pcm: 2.7 s, en-US-Tone-1", ""},
		{"mulaw.wav", []string{"-e", "MULAW"}, held, "mulaw.wav: 2.7 s, en-US-Tone-1", "RIFF"},
		{"effects.mp3", []string{"--effects", "telephony-class-application"}, held, "effects.mp3: 2.7 s, en-US-Tone-1", ""},
		{"-", nil, held, "2.7 s, en-US-Tone-1", "RIFF"},
		{"-", []string{"-e", "MP3"}, held, "2.7 s, en-US-Tone-1", ""},
		{"-", []string{"-e", "OGG_OPUS"}, held, "2.7 s, en-US-Tone-1", "OggS"},
		{"", nil, held, "2.7 s, en-US-Tone-1", "RIFF"},
		{"-", []string{"--server", server.address}, server.held, "2.7 s, en-US-Tone-1", "RIFF"},
		{"-", []string{"--server", server.address, "-e", "OGG_OPUS"}, server.held, "2.7 s, en-US-Tone-1", "OggS"},
		{"-", []string{"--server", server.address, "-e", "ALAW"}, server.held, "2.7 s, en-US-Tone-1", "RIFF"},
	} {
		t.Run(strings.Join(append([]string{"to " + c.where}, c.args...), " "), func(t *testing.T) {
			args := append([]string{"say", saidHeld}, c.args...)
			name := filepath.Join(files, c.where)
			to, written := piped(t)
			defer written()
			switch c.where {
			case "":
			case "-":
				args = append(args, "-o", "-")
			default:
				args = append(args, "-o", name)
			}
			s := onTerminalWriting(t, dir, []string{env}, to, args...)
			release := c.wait(t)
			at := s.expect(s.expect(0, "#-"), shownHeld)
			release()
			made := c.made + "\r\n"
			if c.where != "" && c.where != "-" {
				made = files + "/" + made
			}
			s.expect(at, eraseLine+made)
			s.end(exitOK)
			sound := written()
			if c.where != "" && c.where != "-" {
				if len(sound) > 0 {
					t.Errorf("%d bytes on the standard output", len(sound))
				}
				var err error
				if sound, err = os.ReadFile(name); err != nil {
					t.Error(err)
				}
			}
			if len(sound) == 0 || !bytes.HasPrefix(sound, []byte(c.begins)) {
				t.Errorf("%d bytes that begin with %.8q, want %q", len(sound), sound, c.begins)
			}
		})
	}
}

// onTerminalWriting is onTerminal for a program whose standard output is elsewhere.
func onTerminalWriting(t *testing.T, dir string, env []string, stdout *os.File, args ...string) *session {
	t.Helper()
	cmd := exec.Command(filepath.Join(dir, "lectern"), args...)
	cmd.Stdout = stdout
	return beginOnTerminal(t, cmd, env)
}

// TestASoundOnATerminalIsNotDrawnInto: of "-o -" the sound itself is shown.
func TestASoundOnATerminalIsNotDrawnInto(t *testing.T) {
	dir := installProgram(t)
	env, held := gateOf(t)
	s := onTerminal(t, dir, []string{env}, "say", "-e", "PCM", "-o", "-", saidHeld)
	held(t)()
	s.expect(0, "2.7 s, en-US-Tone-1\r\n")
	s.end(exitOK)
	if shown, _ := s.all(); strings.Contains(shown, "spoken") {
		t.Errorf("a line in the sound: %d bytes", len(shown))
	}
}

// TestSayByAServerIsHeardWhileItIsSpoken: by a player and behind a pipe the first sentence
// is heard before the engine begins the second, and in the end all of a file's sound.
func TestSayByAServerIsHeardWhileItIsSpoken(t *testing.T) {
	dir, players := installProgram(t), t.TempDir()
	server := startServer(t, dir)
	const header = 44
	file := filepath.Join(t.TempDir(), "whole.wav")
	go func() { server.held(t)() }()
	onTerminal(t, dir, nil, "say", saidHeld, "-o", file).end(exitOK)
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}

	reports, heard := filepath.Join(t.TempDir(), "reports"), filepath.Join(t.TempDir(), "heard")
	if err := syscall.Mkfifo(reports, 0o600); err != nil {
		t.Fatal(err)
	}
	// All of the first sentence but what a message of the stream may hold back, 40 ms.
	first := header + 2*(480*len(saidFirst)-640)
	script := fmt.Sprintf("#!/bin/sh\n/usr/bin/head -c %d >'%s'\necho heard >'%s'\n/bin/cat >>'%s'\n", first, heard, reports, heard)
	if err := os.WriteFile(filepath.Join(players, "aplay"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	s := onTerminal(t, dir, []string{"PATH=" + players}, "say", saidHeld, "--server", server.address)
	release := server.held(t)
	if report, err := os.ReadFile(reports); err != nil || string(report) != "heard\n" {
		t.Errorf("the player reports %q, %v", report, err)
	}
	release()
	s.end(exitOK)
	if got, err := os.ReadFile(heard); err != nil || !bytes.Equal(got[header:], want[header:]) || bytes.Equal(got[:header], want[:header]) {
		t.Errorf("the player heard %d bytes, %v; want the sound of the file's %d behind a header without length", len(got), err, len(want))
	}

	from, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	s = onTerminalWriting(t, dir, nil, to, "say", saidHeld, "--server", server.address, "-o", "-")
	to.Close()
	release = server.held(t)
	got := make([]byte, first)
	if n, err := io.ReadFull(from, got); err != nil {
		shown, _ := s.all()
		t.Fatalf("%d bytes, %v: %q", n, err, shown)
	}
	release()
	rest, err := io.ReadAll(from)
	if all := slices.Concat(got, rest); err != nil || !bytes.Equal(all[header:], want[header:]) {
		t.Errorf("the pipe has %d bytes, %v; want the sound of the file's %d", len(all), err, len(want))
	}
	s.end(exitOK)
}

// TestSayByAServerInterrupted: what is heard of a server ends with Ctrl-C, and so does
// the server's engine.
func TestSayByAServerInterrupted(t *testing.T) {
	dir := installProgram(t)
	server := startServer(t, dir)
	to, written := piped(t)
	s := onTerminalWriting(t, dir, nil, to, "say", saidHeld, "--server", server.address, "-o", "-")
	at := s.expect(0, shownHeld)
	conn, err := server.gate.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// Not by the terminal, which drops what is written while it handles the key.
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	s.expect(at, eraseLine+"lectern: interrupted; nothing whole was written\r\n")
	s.end(exitInterrupted)
	if n, err := conn.Read(make([]byte, 1)); err == nil { // the worker has given up, or was ended
		t.Errorf("the engine goes on: %d bytes", n)
	}
	if sound := written(); len(sound) == 0 {
		t.Error("nothing was heard")
	}
}

// TestSayWithoutStreams: a server that takes no stream is asked for the whole sound.
func TestSayWithoutStreams(t *testing.T) {
	dir := installProgram(t)
	server := startServer(t, dir, "--max-streams", "1")
	only, err := server.client(t).Stream(t.Context(), synth.Request{Text: "Hello there. HOLD it.", Voice: voices.Wish{Language: "en-US"}, Encoding: "PCM"})
	if err != nil {
		t.Fatal(err)
	}
	defer only.Close()
	defer server.held(t)()
	to, written := piped(t)
	s := onTerminalWriting(t, dir, nil, to, "say", "Hello", "--server", server.address, "-o", "-")
	s.expect(0, "0.1 s, en-US-Tone-1\r\n")
	s.end(exitOK)
	if sound := written(); len(sound) != 44+5*960 {
		t.Errorf("%d bytes of sound", len(sound))
	}
}

// TestEncodingsAreHeardWhileTheyAreSpoken: behind a pipe, half of the first sentence before
// the second is begun.
func TestEncodingsAreHeardWhileTheyAreSpoken(t *testing.T) {
	dir := installProgram(t)
	env, held := gateOf(t)
	for encoding, bytesPerSecond := range map[string]int{"LINEAR16": 32000, "PCM": 32000, "MULAW": 16000, "MP3": 4000, "OGG_OPUS": 3000} {
		t.Run(encoding, func(t *testing.T) {
			from, to, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer from.Close()
			s := onTerminalWriting(t, dir, []string{env}, to, "say", saidHeld, "-e", encoding, "-o", "-")
			to.Close()
			if _, err := io.ReadFull(from, make([]byte, bytesPerSecond*12/10)); err != nil {
				t.Fatal(err)
			}
			held(t)()
			if _, err := io.Copy(io.Discard, from); err != nil {
				t.Fatal(err)
			}
			s.end(exitOK)
		})
	}
}

// TestAPlayerGetsWhatItKnows: other sound than WAV is noise to most of them.
func TestAPlayerGetsWhatItKnows(t *testing.T) {
	dir := installProgram(t)
	withPlayer := func(name string) (env []string, heard string) {
		players := t.TempDir()
		heard = filepath.Join(players, "heard")
		if err := os.WriteFile(filepath.Join(players, name), fmt.Appendf(nil, "#!/bin/sh\n/bin/cat >'%s'\n", heard), 0o700); err != nil {
			t.Fatal(err)
		}
		return []string{"PATH=" + players}, heard
	}
	for _, c := range []struct{ player, encoding, begins, refusal string }{
		{"aplay", "MULAW", "RIFF", ""},
		{"ffplay", "LINEAR16", "RIFF", ""},
		{"ffplay", "OGG_OPUS", "OggS", ""},
		{"ffplay", "MP3", "\xff", ""},
		{"aplay", "MP3", "", "ffplay is not installed, which alone plays MP3 from a pipe; leave out --encoding, or use -o FILE"},
		{"ffplay", "PCM", "", "no player knows the encoding PCM from a pipe; leave out --encoding, or use -o FILE"},
	} {
		env, heard := withPlayer(c.player)
		s := onTerminal(t, dir, env, "say", "Hello", "-e", c.encoding)
		if c.refusal != "" {
			s.expect(0, "lectern: "+c.refusal+"\r\n")
			s.end(exitUsage)
			continue
		}
		s.expect(0, "0.1 s, en-US-Tone-1\r\n")
		s.end(exitOK)
		if sound, err := os.ReadFile(heard); err != nil || !bytes.HasPrefix(sound, []byte(c.begins)) {
			t.Errorf("%s heard %s of %d bytes, %v", c.player, c.encoding, len(sound), err)
		}
	}
}
