package command

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/ttsapi/client"
)

// What docs/operations.md tells operators to type is what these tests type.

// documented are the shell commands under a heading of docs/operations.md.
func documented(t *testing.T, heading string) []string {
	t.Helper()
	page, err := os.ReadFile("../../docs/operations.md")
	must(t, err)
	_, section, found := strings.Cut(string(page), "\n"+heading+"\n")
	if next := strings.Index(section, "\n#"); next >= 0 {
		section = section[:next]
	}
	var commands []string
	for _, rest := range strings.Split(section, "```sh\n")[1:] {
		command, _, _ := strings.Cut(rest, "```\n")
		commands = append(commands, command)
	}
	if !found || len(commands) == 0 {
		t.Fatalf("docs/operations.md has no command under %q", heading)
	}
	return commands
}

// shell runs a command with variables, NAME=VALUE.
func shell(t *testing.T, command string, variables ...string) (stdout string) {
	t.Helper()
	sh := exec.Command("sh", "-eu", "-c", command)
	sh.Env = append(os.Environ(), variables...)
	var out, complaints bytes.Buffer
	sh.Stdout, sh.Stderr = &out, &complaints
	if err := sh.Run(); err != nil {
		t.Fatalf("%v: %s%s\nin:\n%s", err, out.String(), complaints.String(), command)
	}
	return out.String()
}

// life is a server in a process of its own, which can be killed.
type life struct {
	*client.Client
	data string
	run  *exec.Cmd
	gone chan struct{}
	said lockedBuffer
}

// live starts a server on data. An engine of it that comes to an utterance with the
// word HOLD waits at the socket gate.
func live(t *testing.T, program, data, gate string, flags ...string) *life {
	t.Helper()
	l := &life{data: data, gone: make(chan struct{})}
	l.run = exec.Command(filepath.Join(program, "lectern"), append([]string{"serve", "--listen", "127.0.0.1:0", "--data", data, "--slots", "6"}, flags...)...)
	l.run.Env = append(os.Environ(), "LECTERN_WORKER_GATE="+gate)
	l.run.Stderr = &l.said
	stdout, err := l.run.StdoutPipe()
	must(t, err)
	must(t, l.run.Start())
	lines := bufio.NewReader(stdout)
	first, _ := lines.ReadString('\n')
	go func() {
		defer close(l.gone)
		_, _ = io.Copy(io.Discard, lines)
		_ = l.run.Wait()
	}()
	t.Cleanup(l.kill)
	found := greeting.FindStringSubmatch(first)
	if found == nil {
		t.Fatalf("no address in %q\n%s", first, l.said.String())
	}
	l.Client, err = client.Dial(t.Context(), found[1])
	must(t, err)
	t.Cleanup(func() { l.Close() })
	return l
}

// kill ends the server as a power cut does.
func (l *life) kill() {
	_ = l.run.Process.Kill()
	<-l.gone
}

// start begins a long operation.
func (l *life) start(t *testing.T, text, object string, captions ...string) (name string) {
	t.Helper()
	encoding := map[string]string{".wav": "LINEAR16", ".mp3": "MP3"}[filepath.Ext(object)]
	op, err := l.StartLong(t.Context(), client.LongRequest{
		Request: synth.Request{Text: text, Voice: voices.Wish{Language: "en-US"}, Encoding: encoding},
		Parent:  "projects/p/locations/global", URI: "gs://books/" + object, Captions: captions,
	})
	must(t, err)
	return op.Name
}

// ended waits for an operation's end.
func (l *life) ended(t *testing.T, name string) client.Operation {
	t.Helper()
	op, err := l.Wait(t.Context(), name, patience)
	if err != nil || !op.Done {
		t.Fatalf("%s: %+v, %v\n%s", name, op, err, l.said.String())
	}
	return op
}

// object is what an operation has made.
func (l *life) object(t *testing.T, name string) []byte {
	t.Helper()
	bytes, err := os.ReadFile(filepath.Join(l.data, "buckets", "books", name))
	if err != nil {
		t.Error(err)
	}
	return bytes
}

// gateAt listens for engines that hold.
func gateAt(t *testing.T) (path string, gate *net.UnixListener) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "gate")
	gate, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	must(t, err)
	t.Cleanup(func() { gate.Close() })
	return path, gate
}

// TestBackup: what docs/operations.md calls a backup of a running server becomes,
// elsewhere, a server on which every operation that was accepted goes to its end.
func TestBackup(t *testing.T) {
	needs.Program(t, "sqlite3")
	files, restore := documented(t, "## Backup")[0], documented(t, "## Restore")[0]
	moveServer(t, nil, nil, func(data, kept string) {
		shell(t, files, "DATA="+data, "BACKUP="+kept)
	}, func(data, kept string) {
		must(t, os.Remove(data)) // the command makes it
		shell(t, restore, "DATA="+data, "BACKUP="+kept)
	})
}

// TestBackupOfManyNodes: the same with PostgreSQL, and objects in a directory that
// nodes share.
func TestBackupOfManyNodes(t *testing.T) {
	needs.Program(t, "pg_dump")
	cluster := needs.Postgres(t)
	for _, database := range []string{"before", "after"} {
		shell(t, `psql -q -c "CREATE DATABASE $NAME" "$STORE"`, "NAME="+database, "STORE="+cluster.URL("postgres"))
	}
	commands := documented(t, "### With PostgreSQL")
	before, after := "STORE="+cluster.URL("before"), "STORE="+cluster.URL("after")
	moveServer(t, []string{"--store", cluster.URL("before")}, []string{"--store", cluster.URL("after")}, func(data, kept string) {
		shell(t, commands[0], before, "BACKUP="+kept)
		shell(t, `cp -a "$DATA/buckets" "$DATA/companions" "$BACKUP/"`, "DATA="+data, "BACKUP="+kept)
	}, func(data, kept string) {
		shell(t, `cp -a "$BACKUP/buckets" "$BACKUP/companions" "$DATA/"`, "DATA="+data, "BACKUP="+kept)
		shell(t, commands[1], after, "BACKUP="+kept)
	})
}

// moveServer backs a server up under load by save, kills it, removes its data, and
// holds another one, on what restore has made of the backup, to what the first had
// accepted. The flags are those of the first and of the second server.
func moveServer(t *testing.T, first, second []string, save, restore func(data, kept string)) {
	program, kept := installProgram(t), t.TempDir()
	path, gate := gateAt(t)
	old := live(t, program, t.TempDir(), path, first...)

	// One that has ended, with captions; one that is cancelled; one in WAV and one in
	// MP3 of which all is spoken but what an engine holds; and one after the other of
	// a sentence, before, during and after the backup.
	book := "HOLD this. " + strings.Repeat("Hello you. ", 500) + "HOLD that."
	shown := old.start(t, "Hello you.", "shown.wav", "json")
	if op := old.ended(t, shown); op.State != client.Succeeded {
		t.Fatalf("%+v", op)
	}
	cancelled := old.start(t, "HOLD it.", "cancelled.wav")
	hold(t, gate)
	must(t, old.Cancel(t.Context(), cancelled))
	half := map[string]string{"half.wav": "", "half.mp3": ""}
	for object := range half {
		half[object] = old.start(t, book, object)
		hold(t, gate)
		hold(t, gate)
	}
	sentences := old.keepStarting(t)
	promised := sentences.after(t, 3)
	save(old.data, kept)
	all := sentences.stop(t)
	want := old.object(t, "shown.wav")
	captions := old.object(t, "shown.json")
	old.kill()
	must(t, os.RemoveAll(old.data))

	data := t.TempDir()
	restore(data, kept)
	path, gate = gateAt(t)
	go letAllPass(gate)
	now := live(t, program, data, path, second...)
	for object, name := range half {
		if op := now.ended(t, name); op.State != client.Succeeded {
			t.Errorf("%s: %+v", object, op)
		}
		fresh := now.start(t, book, "fresh-"+object)
		now.ended(t, fresh)
		if got := now.object(t, object); len(got) == 0 || !bytes.Equal(got, now.object(t, "fresh-"+object)) {
			t.Errorf("%s has %d bytes, and others than the same text spoken anew", object, len(got))
		}
	}
	if op := now.ended(t, cancelled); op.State != client.Cancelled {
		t.Errorf("cancelled: %+v", op)
	}
	if _, err := os.Stat(filepath.Join(data, "buckets", "books", "cancelled.wav")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was cancelled has an object: %v", err)
	}
	for _, name := range append(promised, shown) {
		if op := now.ended(t, name); op.State != client.Succeeded {
			t.Errorf("promised before the backup: %+v", op)
		}
	}
	if !bytes.Equal(now.object(t, "shown.wav"), want) || !bytes.Equal(now.object(t, "shown.json"), captions) {
		t.Error("the object that was shown, or its captions, are others now")
	}
	known := 0
	for i, name := range all {
		op, err := now.Operation(t.Context(), name)
		switch {
		case fault.Is(err, fault.NotFound) && i >= len(promised):
			continue // accepted when the database was copied already
		case err != nil:
			t.Error(err)
			continue
		}
		known++
		if op = now.ended(t, op.Name); op.State != client.Succeeded || !bytes.Equal(now.object(t, sentenceObject(i)), want) {
			t.Errorf("sentence %d: %+v, or its object is not whole", i, op)
		}
	}
	t.Logf("of %d sentences %d were promised before the backup, and %d are in it", len(all), len(promised), known)
}

// hold waits until an engine is at the gate, and keeps it there.
func hold(t *testing.T, gate *net.UnixListener) {
	t.Helper()
	must(t, gate.SetDeadline(time.Now().Add(patience)))
	conn, err := gate.Accept()
	if err != nil {
		t.Fatal("no engine came to the gate: ", err)
	}
	t.Cleanup(func() { conn.Close() })
}

// letAllPass keeps no engine at the gate.
func letAllPass(gate *net.UnixListener) {
	for {
		conn, err := gate.Accept()
		if err != nil {
			return
		}
		conn.Close()
	}
}

// sentences are short operations, started one after the other.
type sentences struct {
	mu     sync.Mutex
	names  []string
	ended  chan struct{} // told of ends, to whoever listens
	stops  chan struct{}
	result chan error
}

func sentenceObject(i int) string { return fmt.Sprintf("sentence-%d.wav", i) }

func (l *life) keepStarting(t *testing.T) *sentences {
	s := &sentences{ended: make(chan struct{}), stops: make(chan struct{}), result: make(chan error, 1)}
	go func() { s.result <- s.run(t, l) }()
	return s
}

func (s *sentences) run(t *testing.T, l *life) error {
	for i := 0; ; i++ {
		op, err := l.StartLong(t.Context(), client.LongRequest{
			Request: synth.Request{Text: "Hello you.", Voice: voices.Wish{Language: "en-US"}, Encoding: "LINEAR16"},
			Parent:  "projects/p/locations/global", URI: "gs://books/" + sentenceObject(i),
		})
		if err != nil {
			return err
		}
		s.mu.Lock()
		s.names = append(s.names, op.Name)
		s.mu.Unlock()
		if op, err = l.Wait(t.Context(), op.Name, patience); err != nil || op.State != client.Succeeded {
			return fmt.Errorf("sentence %d: %+v, %w", i, op, err)
		}
		select {
		case s.ended <- struct{}{}:
		case <-s.stops:
			return nil
		default:
		}
	}
}

// after returns those that were accepted when so many more have ended.
func (s *sentences) after(t *testing.T, n int) []string {
	t.Helper()
	for range n {
		select {
		case <-s.ended:
		case err := <-s.result:
			t.Fatal(err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.names)
}

// stop returns all of them.
func (s *sentences) stop(t *testing.T) []string {
	t.Helper()
	s.after(t, 1)
	close(s.stops)
	must(t, <-s.result)
	return s.names
}

// TestCancelMuch: the command of docs/operations.md ends what is under way in a
// project, and nothing else.
func TestCancelMuch(t *testing.T) {
	program := installProgram(t)
	path, gate := gateAt(t)
	l := live(t, program, t.TempDir(), path)
	over := l.start(t, "Hello you.", "over.wav")
	l.ended(t, over)
	var running []string
	for i := range 5 {
		running = append(running, l.start(t, "HOLD it.", fmt.Sprintf("%d.wav", i)))
	}
	hold(t, gate)
	shell(t, documented(t, "## Cancelling much")[0], "PROJECT=p", "PATH="+program+":"+os.Getenv("PATH"), "LECTERN_SERVER="+l.Address())
	for _, name := range running {
		if op, err := l.Operation(t.Context(), name); err != nil || op.State != client.Cancelled {
			t.Errorf("%+v, %v", op, err)
		}
	}
	if op := l.ended(t, over); op.State != client.Succeeded {
		t.Errorf("what was over is %+v", op)
	}
}
