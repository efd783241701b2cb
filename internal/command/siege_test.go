package command

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// castle is `lectern serve` with the tone engine in a process of its own, so that
// its memory is its own and a crash is seen.
type castle struct {
	cmd     *exec.Cmd
	address string
	log     *os.File
	ended   chan struct{}
}

// build starts a castle, which must stand until the test ends.
func build(t *testing.T, flags ...string) *castle {
	t.Helper()
	program := installProgram(t)
	c := &castle{ended: make(chan struct{})}
	var err error
	if c.log, err = os.Create(filepath.Join(t.TempDir(), "log")); err != nil {
		t.Fatal(err)
	}
	c.cmd = exec.Command(filepath.Join(program, "lectern"), append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--worker-dir", program, "--slots", "2"}, flags...)...)
	c.cmd.Env = append(os.Environ(), "LECTERN_WORKER_GATE=/nonexistent")
	c.cmd.Stderr = c.log
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	first, err := lines.ReadString('\n')
	found := greeting.FindStringSubmatch(first)
	if err != nil || found == nil {
		t.Fatalf("no greeting: %q, %v\n%s", first, err, c.logged(t))
	}
	c.address = found[1]
	go func() {
		for err == nil {
			_, err = lines.ReadString('\n')
		}
		_ = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(func() {
		select {
		case <-c.ended:
			t.Errorf("the server is gone: %v\n%s", c.cmd.ProcessState, c.logged(t))
		default:
			_ = c.cmd.Process.Signal(syscall.SIGTERM)
			<-c.ended
		}
		c.log.Close()
	})
	return c
}

func (c *castle) logged(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(c.log.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// mustNotHaveFailed looks for what no client may bring about.
func (c *castle) mustNotHaveFailed(t *testing.T) {
	t.Helper()
	shown := 0
	for line := range bytes.Lines([]byte(c.logged(t))) {
		for _, sign := range []string{"msg=panic", "code=INTERNAL", "code=UNKNOWN", "panic:", "http: panic"} {
			if bytes.Contains(line, []byte(sign)) && shown < 10 {
				shown++
				t.Errorf("the server's log: %.500s", line)
			}
		}
	}
}

// memory is what the server has in memory that is no file's, in bytes.
func (c *castle) memory(t *testing.T) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		t.Skip("SKIPPED: the memory of a process cannot be read here: ", err)
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kilobytes, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	t.Skip("SKIPPED: this system does not tell anonymous memory")
	return 0
}

// raw opens a connection that speaks no protocol yet.
func (c *castle) raw(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", c.address)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}
