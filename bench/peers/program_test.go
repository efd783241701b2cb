package peers_test

import (
	"bufio"
	"bytes"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"
)

// programs is the directory with the programs under test.
var programs string

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	var err error
	if programs, err = os.MkdirTemp("", "lectern-peers-"); err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(programs)
	// What is installed on this machine must not change what is tested: a test that
	// wants neural voices names their directory.
	os.Setenv("LECTERN_VOICES", filepath.Join(programs, "no-voices"))
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", programs, "./cmd/...")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		log.Printf("go build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// program is a running `lectern serve`.
type program struct {
	cmd     *exec.Cmd
	address string
	data    string
	log     *buffer
}

var greeting = regexp.MustCompile(`serves https?://(\S+) `)

// serve starts a server on data, with more flags if there are any, and ends it
// with the test.
func serve(t *testing.T, data string, flags ...string) *program {
	t.Helper()
	p := &program{data: data, log: new(buffer)}
	p.cmd = exec.Command(filepath.Join(programs, "lectern"), append([]string{"serve", "--listen", "127.0.0.1:0", "--data", data}, flags...)...)
	p.cmd.Stderr = p.log
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			p.cmd.Process.Kill()
			p.cmd.Wait()
		}
		if t.Failed() {
			t.Logf("the server's log:\n%s", p.log)
		}
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if found := greeting.FindStringSubmatch(lines.Text()); found != nil {
			p.address = found[1]
			go func() {
				for lines.Scan() {
				}
			}()
			return p
		}
	}
	t.Fatalf("no greeting\n%s", p.log)
	return nil
}

// stop ends the server in an orderly way and returns its exit code.
func (p *program) stop(t *testing.T) int {
	t.Helper()
	p.signal(t)
	watchdog := time.AfterFunc(30*time.Second, func() { p.cmd.Process.Kill() })
	defer watchdog.Stop()
	p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// signal tells the server to stop.
func (p *program) signal(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// buffer is a bytes.Buffer for two goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
