package command

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEphemeral: a server of a test run tells where it is, ends with who has started
// it, however that ends, and leaves nothing.
func TestEphemeral(t *testing.T) {
	program := filepath.Join(installProgram(t), "lectern")
	const serve = " serve --ephemeral --listen 127.0.0.1:0 --print-address json --log-level error"
	for name, tt := range map[string]struct {
		command *exec.Cmd
		end     func(stdin io.Closer, started *os.Process) error
	}{
		"its standard input is closed": {
			exec.Command(program, strings.Fields(serve)...),
			func(stdin io.Closer, _ *os.Process) error { return stdin.Close() },
		},
		"its parent is killed": { // which has left it /dev/null to read from
			exec.Command("/bin/sh", "-c", "'"+program+"'"+serve+" </dev/null & wait"),
			func(_ io.Closer, sh *os.Process) error { return sh.Kill() },
		},
	} {
		t.Run(name, func(t *testing.T) {
			temporary := t.TempDir()
			tt.command.Env = append(os.Environ(), "TMPDIR="+temporary)
			tt.command.Stderr = os.Stderr
			stdin, err := tt.command.StdinPipe()
			must(t, err)
			stdout, err := tt.command.StdoutPipe()
			must(t, err)
			must(t, tt.command.Start())
			t.Cleanup(func() { tt.command.Process.Kill() })
			lines := bufio.NewReader(stdout)
			line, err := lines.ReadBytes('\n')
			must(t, err)
			var at struct{ Address, URL, Buckets string }
			must(t, json.Unmarshal(line, &at))
			answer, err := http.Get(at.URL + "/healthz")
			must(t, err)
			answer.Body.Close()
			if answer.StatusCode != http.StatusOK || at.URL != "http://"+at.Address {
				t.Errorf("%+v answers %s", at, answer.Status)
			}
			if st, err := os.Stat(at.Buckets); err != nil || !st.IsDir() {
				t.Errorf("its buckets: %v", err)
			}

			must(t, tt.end(stdin, tt.command.Process))
			rest, err := io.ReadAll(lines) // until nobody has its output open
			if err != nil || len(rest) > 0 {
				t.Errorf("then it says %q, %v", rest, err)
			}
			_ = tt.command.Wait() // of the shell that was killed
			if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
				t.Errorf("it has left %v, %v", left, err)
			}
		})
	}
}

// TestEphemeralHasNoData: what is given to it would be kept.
func TestEphemeralHasNoData(t *testing.T) {
	out, code := command(t, "", "serve", "--ephemeral", "--data", t.TempDir())
	if code != exitUsage || !strings.Contains(out, "--ephemeral") {
		t.Errorf("exit code %d, %q", code, out)
	}
}
