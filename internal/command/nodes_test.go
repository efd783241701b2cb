package command

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/lro/postgres"
	"github.com/lectern/lectern/lro/sqlite"
)

// command runs lectern as main does and returns what it printed.
func command(t *testing.T, store string, args ...string) (stdout string, code int) {
	t.Helper()
	var out, said bytes.Buffer
	getenv := func(name string) string { return map[string]string{"LECTERN_STORE": store}[name] }
	code = run(t.Context(), args, getenv, bytes.NewReader(nil), &out, &said)
	return out.String() + said.String(), code
}

// expectPrinted runs a command that must succeed and print what matches.
func expectPrinted(t *testing.T, store, pattern string, args ...string) {
	t.Helper()
	out, code := command(t, store, args...)
	if code != exitOK || !regexp.MustCompile(pattern).MatchString(out) {
		t.Errorf("lectern %s: exit code %d, %q, want %q", strings.Join(args, " "), code, out, pattern)
	}
}

// TestManyNodes: servers that share a database and a directory are one server; and
// what a server without a database has begun goes on there.
func TestManyNodes(t *testing.T) {
	store := needs.Postgres(t).URL("postgres")
	program := installProgram(t)
	data := t.TempDir()
	book := filepath.Join(t.TempDir(), "book.txt")
	must(t, os.WriteFile(book, []byte(strings.Repeat("Hello you. ", 3000)), 0o600))

	expectPrinted(t, store, `^The schema went from version 0 to \d+\.\n$`, "migrate")
	expectPrinted(t, store, `^The schema has version \d+ already\.\n$`, "migrate")

	// A server alone, whose operations are moved.
	alone, stop := context.WithCancel(t.Context())
	single := serveUntil(t, alone, "", "--data", data, "--worker-dir", program)
	expectPrinted(t, "", "", "long", book, "gs://books/old.wav", "--wait", "--server", single.address)
	stop()
	<-single.ended
	from, err := sqlite.Open(t.Context(), data, nil)
	must(t, err)
	_, err = from.Claim(t.Context(), "books", "p")
	must(t, errors.Join(err, from.Close()))
	expectPrinted(t, store, `^1 operations were moved, 0 of them under way; 0 were there already\.\n$`, "import", data)
	expectPrinted(t, store, `^0 operations were moved, 0 of them under way; 1 were there already\.\n$`, "import", data)
	to, err := postgres.Look(t.Context(), store)
	must(t, err)
	if owner, err := to.OwnerOf(t.Context(), "books"); err != nil || owner != "p" {
		t.Errorf("the bucket that was p's is %q's (%v)", owner, err)
	}
	must(t, to.Close())

	front := serveUntil(t, t.Context(), store, "--data", data, "--worker-dir", program, "--role", "api")
	worker, killed := context.WithCancel(t.Context())
	first := serveUntil(t, worker, store, "--data", data, "--worker-dir", program, "--role", "worker")
	other := serveUntil(t, t.Context(), store, "--data", data, "--worker-dir", program)
	for _, node := range []*serving{front, first, other} {
		awaitReady(t, node.address)
	}
	expectPrinted(t, store, `succeeded`, "operations", "list", "--server", other.address)
	expectPrinted(t, store, `(?s)"state": "answering".*"state": "working".*"state": "working"|"state": "working".*"state": "answering".*"state": "working"|"state": "working".*"state": "working".*"state": "answering"`, "nodes", "--json")
	out, _ := command(t, store, "doctor", "--data", data, "--worker-dir", program, "--listen", front.address)
	for _, want := range []string{"ok    store    PostgreSQL ", "ok    clock    the database's is ", "ok    nodes    2 working, 1 answering only, 0 draining, 0 gone"} {
		if !strings.Contains(out, want) {
			t.Errorf("doctor says %q, without %q", out, want)
		}
	}

	expectPrinted(t, store, "", "long", book, "gs://books/one.wav", "--wait", "--server", front.address)
	killed()
	<-first.ended
	expectPrinted(t, store, "", "long", book, "gs://books/two.wav", "--wait", "--server", front.address)
	var sounds [][]byte
	for _, name := range []string{"old.wav", "one.wav", "two.wav"} {
		sound, err := os.ReadFile(filepath.Join(data, "buckets", "books", name))
		must(t, err)
		sounds = append(sounds, sound)
	}
	if !bytes.Equal(sounds[0], sounds[1]) || !bytes.Equal(sounds[0], sounds[2]) {
		t.Errorf("the same text became %d, %d and %d bytes of sound", len(sounds[0]), len(sounds[1]), len(sounds[2]))
	}

	host, err := os.Hostname()
	must(t, err)
	expectPrinted(t, store, "^$", "drain", host, "--wait")
	expectPrinted(t, store, "draining", "nodes")
	expectPrinted(t, store, "^$", "drain", host, "--undo")
	expectPrinted(t, store, "", "long", book, "gs://books/three.wav", "--wait", "--server", front.address)
	if out, code := command(t, store, "drain", "nobody"); code != exitFailed || !strings.Contains(out, "lectern nodes") {
		t.Errorf("draining nobody: %d, %q", code, out)
	}
}

// serving is a server under way.
type serving struct {
	address string
	ended   chan struct{}
}

// serveUntil runs a server until ctx ends.
func serveUntil(t *testing.T, ctx context.Context, store string, flags ...string) *serving {
	t.Helper()
	greeted := make(greetings, 1)
	var said lockedBuffer
	s := &serving{ended: make(chan struct{})}
	ctx, stop := context.WithCancel(ctx)
	getenv := func(name string) string { return map[string]string{"LECTERN_STORE": store}[name] }
	go func() {
		defer close(s.ended)
		code := run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--slots", "2"}, flags...), getenv, bytes.NewReader(nil), greeted, &said)
		if code != exitOK {
			t.Errorf("serve ended with %d: %s", code, said.String())
		}
	}()
	t.Cleanup(func() {
		stop()
		<-s.ended
	})
	select {
	case s.address = <-greeted:
	case <-s.ended:
		t.Fatal("the server has ended")
	}
	return s
}

// greetings takes what servers print, and gives their addresses.
type greetings chan string

func (g greetings) Write(p []byte) (int, error) {
	if found := greeting.FindSubmatch(p); found != nil {
		g <- string(found[1])
	}
	return len(p), nil
}

// awaitReady asks until the server can do its work.
func awaitReady(t *testing.T, address string) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		answer, err := http.Get("http://" + address + "/readyz")
		must(t, err)
		must(t, answer.Body.Close())
		if answer.StatusCode == http.StatusOK {
			return
		}
	}
	t.Errorf("%s is not ready", address)
}
