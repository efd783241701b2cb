package command

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/ttsapi/client"
)

// patience is how long a test waits for what must come.
const patience = time.Minute

// TestMain makes the test binary the program itself when it is called lectern.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "lectern" {
		program.Main()
	}
	os.Exit(runTests(m))
}

// program is what is tested, and run the whole of it.
var (
	program = Program{Version: "unknown"}
	run     = program.Run
)

func runTests(m *testing.M) int {
	var err error
	if workerDir, err = os.MkdirTemp("", "lectern-test-"); err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(workerDir)
	defer needs.Tidy()
	// What is installed on this machine must not change what is tested.
	os.Setenv("LECTERN_VOICES", filepath.Join(workerDir, "no-voices"))
	return m.Run()
}

// workerDir holds what toneWorker builds.
var workerDir string

// installProgram makes a directory with the program and a worker of the tone
// engine in it, beside each other as an installation has them.
func installProgram(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// A copy, not a link: a program looks for workers where its file really is.
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "lectern"), program, 0o700); err != nil {
		t.Fatal(err)
	}
	worker, err := toneWorker()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(worker, filepath.Join(dir, "lectern-flite")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// toneWorker builds the worker once.
var toneWorker = sync.OnceValues(func() (string, error) {
	path := filepath.Join(workerDir, "toneworker")
	out, err := exec.Command("go", "build", "-o", path, "./testdata/toneworker").CombinedOutput()
	if err != nil {
		err = &buildError{out, err}
	}
	return path, err
})

type buildError struct {
	out []byte
	err error
}

func (b *buildError) Error() string { return b.err.Error() + "\n" + string(b.out) }

// testServer is `lectern serve`, run as main runs it.
type testServer struct {
	address string
	data    string
	gate    net.Listener
}

var greeting = regexp.MustCompile(`(?:serves|health is at) http://(\S+?)(?: |/readyz)`)

// startServer runs a server with the tone engine until the test ends, with more flags.
func startServer(t *testing.T, workers string, more ...string) *testServer {
	t.Helper()
	s := &testServer{data: t.TempDir()}
	socket := filepath.Join(t.TempDir(), "gate")
	var err error
	if s.gate, err = net.Listen("unix", socket); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.gate.Close() })
	t.Setenv("LECTERN_WORKER_GATE", socket)

	ctx, stop := context.WithCancel(context.Background())
	reader, stdout := io.Pipe()
	var stderr lockedBuffer
	done := make(chan int, 1)
	args := append([]string{"serve", "--listen", "127.0.0.1:0", "--data", s.data, "--worker-dir", workers, "--slots", "2"}, more...)
	go func() {
		code := run(ctx, args, func(string) string { return "" }, bytes.NewReader(nil), stdout, &stderr)
		stdout.Close()
		done <- code
	}()
	lines := bufio.NewReader(reader)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("no greeting: %v\n%s", err, stderr.String())
	}
	go io.Copy(io.Discard, lines)
	found := greeting.FindStringSubmatch(first)
	if found == nil {
		t.Fatalf("no address in %q", first)
	}
	s.address = found[1]
	t.Cleanup(func() {
		stop()
		if code := <-done; code != exitOK {
			t.Errorf("serve ended with %d\n%s", code, stderr.String())
		}
	})
	return s
}

// client connects to the server.
func (s *testServer) client(t *testing.T) *client.Client {
	t.Helper()
	c, err := client.Dial(t.Context(), s.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// held waits until an engine is about to speak an utterance with the word
// HOLD, and returns what lets it go on.
func (s *testServer) held(t *testing.T) (release func()) {
	t.Helper()
	s.gate.(*net.UnixListener).SetDeadline(time.Now().Add(patience))
	conn, err := s.gate.Accept()
	if err != nil {
		t.Fatal("no engine came to the gate:", err)
	}
	t.Cleanup(func() { conn.Close() })
	return func() { conn.Close() }
}

// cancel ends an operation that a test is done with, so that it holds no slot.
func (s *testServer) cancel(t *testing.T, name string) {
	c, err := client.Dial(context.Background(), s.address)
	if err != nil {
		t.Error(err)
		return
	}
	defer c.Close()
	if err := c.Cancel(context.Background(), name); err != nil {
		t.Error(err)
	}
}

// object is the file of gs://bucket/name.
func (s *testServer) object(bucket, name string) string {
	return filepath.Join(s.data, "buckets", bucket, name)
}

// lockedBuffer takes output from one goroutine and shows it to another.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
