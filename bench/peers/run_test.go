package peers_test

import (
	"bytes"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

// runner is `lectern run` with flags, for programs that are given to it.
func runner(flags ...string) []string {
	return append([]string{filepath.Join(programs, "lectern"), "run"}, append(flags, "--")...)
}

// speaks runs a program that must say so in the end.
func speaks(t *testing.T, command ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "spoken") {
		t.Errorf("%v\n%s", err, out)
	}
}

// goProgram builds the Go program that names no endpoint.
func goProgram(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "goprogram")
	if out, err := exec.Command("go", "build", "-o", file, "./testdata/unchanged/goprogram").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return file
}

// unchangedPython is Google's Python client with the program that names no endpoint.
func unchangedPython(t *testing.T) []string {
	return []string{needs.Python(t, "google.cloud.texttospeech"), "testdata/unchanged/unchanged.py"}
}

// mustHaveSpoken looks at what the long operations of a program made.
func mustHaveSpoken(t *testing.T, data, language, transport string) {
	t.Helper()
	object := filepath.Join(data, "buckets", "unchanged", language+"-"+transport)
	sound, err := os.ReadFile(object + "-whole.wav")
	if err != nil {
		t.Fatal(err)
	}
	mustBeWAV(t, sound)
	if _, err := os.Stat(object + "-cancelled.wav"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an object of a cancelled operation: %v", err)
	}
}

// Programs that know nothing of Lectern, with Google's clients as they are.
func TestRunUnchangedPrograms(t *testing.T) {
	server := serve(t, t.TempDir())
	for language, program := range map[string][]string{"go": {goProgram(t)}, "python": unchangedPython(t)} {
		for _, transport := range []string{"grpc", "rest"} {
			t.Run(language+" "+transport, func(t *testing.T) {
				speaks(t, append(append(runner("--server", server.address), program...), transport)...)
				mustHaveSpoken(t, server.data, language, transport)
			})
		}
	}
}

// otherPrograms are those for clients that `make clients` installs.
var otherPrograms = map[string]func(*testing.T) []string{
	"node": func(t *testing.T) []string {
		return []string{needs.Program(t, "node"), "testdata/unchanged/unchanged.js", otherClient(t, "node")}
	},
	"java": func(t *testing.T) []string {
		return []string{needs.Program(t, "java"), "-cp", otherClient(t, "java") + "/*", "testdata/unchanged/Unchanged.java"}
	},
}

func TestUnchangedOtherClients(t *testing.T) {
	server := serve(t, t.TempDir())
	for language, program := range otherPrograms {
		for _, transport := range []string{"grpc", "rest"} {
			t.Run(language+" "+transport, func(t *testing.T) {
				speaks(t, append(append(runner("--server", server.address), program(t)...), transport)...)
				mustHaveSpoken(t, server.data, language, transport)
			})
		}
	}
}

// Frameworks of voice agents, which have no setting for an endpoint.
func TestUnchangedAgentFrameworks(t *testing.T) {
	python := filepath.Join(otherClient(t, "agents"), "bin", "python")
	server := serve(t, t.TempDir(), "--voices", t.TempDir())
	for _, program := range []string{"livekit_agent.py", "pipecat_agent.py"} {
		t.Run(program, func(t *testing.T) {
			speaks(t, append(runner("--server", server.address), python, "testdata/unchanged/"+program)...)
		})
	}
}

// A server that asks for credentials knows a program for as long as it runs: by what
// the program signs itself, and by tokens that it asks Google's address for.
func TestRunWithCredentials(t *testing.T) {
	server := serve(t, t.TempDir(), "--credentials", "required")
	t.Setenv("LECTERN_DATA", server.data)
	t.Setenv("GOOGLE_CLOUD_PROJECT", "p1")
	for language, program := range map[string][]string{"go": {goProgram(t)}, "python": unchangedPython(t)} {
		for _, transport := range []string{"grpc", "rest"} {
			t.Run(language+" "+transport, func(t *testing.T) {
				speaks(t, append(append(runner("--server", server.address), program...), transport)...)
				mustHaveSpoken(t, server.data, language, transport)
			})
		}
	}
	t.Run("python storage", func(t *testing.T) {
		python := needs.Python(t, "google.cloud.storage")
		speaks(t, append(runner("--server", server.address), python, "testdata/unchanged/storage.py")...)
	})
	left, err := exec.Command(runner()[0], "keys", "list", "--json").CombinedOutput()
	if err != nil || strings.Contains(string(left), "run-") {
		t.Errorf("keys of programs that have ended: %s %v", left, err)
	}
	if out, err := exec.Command("curl", "-sSf", "http://"+server.address+"/v1/voices").CombinedOutput(); err == nil {
		t.Errorf("without credentials: %s", out)
	}
}

// Where there is a way out of the machine, nothing takes it: no call, no question
// for a token, none for a name or for who owns the machine.
func TestRunSendsNothingOut(t *testing.T) {
	needs.OwnNetwork(t)
	for language, program := range map[string][]string{"go": {goProgram(t)}, "python": unchangedPython(t)} {
		for _, transport := range []string{"grpc", "rest"} {
			t.Run(language+" "+transport, func(t *testing.T) {
				command := append([]string{"-rn", "testdata/unchanged/offline.sh"}, runner("--data", t.TempDir())...)
				out, err := exec.CommandContext(t.Context(), "unshare", append(append(command, program...), transport)...).CombinedOutput()
				if err != nil || !strings.Contains(string(out), "spoken "+transport+"\nsent 0\nsent 1\n") {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}

// All else is what it was: a site that is not Google's shows its own certificate,
// and the program its own exit code, input and output.
func TestRunLeavesTheRestAlone(t *testing.T) {
	site := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("itself")) }))
	defer site.Close()
	server := serve(t, t.TempDir())
	run := func(input, script string, args ...string) (stdout, stderr string, code int) {
		t.Helper()
		command := append(runner("--quiet", "--server", server.address), append([]string{"sh", "-c", script, "program"}, args...)...)
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		var out, errs bytes.Buffer
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
		err := cmd.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return out.String(), errs.String(), cmd.ProcessState.ExitCode()
	}

	// curl is told to trust the site's own certificate and no other; that it goes to
	// loopback is no reason here to pass by the proxy.
	own := filepath.Join(t.TempDir(), "site.pem")
	if err := os.WriteFile(own, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: site.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := run("", `NO_PROXY= no_proxy= curl -sS --cacert "$1" -w ' by a proxy: %{num_connects} %{http_connect}' "$2"`, own, site.URL); code != 0 || out != "itself by a proxy: 1 200" {
		t.Errorf("a site that is not Google's: %d %q %q", code, out, errs)
	}
	if out, errs, code := run("in", `cat; echo err >&2; exit 7`); out != "in" || errs != "err\n" || code != 7 {
		t.Errorf("%q %q %d", out, errs, code)
	}
	if _, _, code := run("", `kill -TERM $$`); code != 128+int(syscall.SIGTERM) {
		t.Errorf("ended by a signal: %d", code)
	}
	if out, _, code := run("", `lectern=$1; "$lectern" voices >/dev/null && ls "$(dirname "$SSL_CERT_FILE")"`, filepath.Join(programs, "lectern")); code != 0 || !strings.Contains(out, "service-account.json") {
		t.Errorf("lectern in a program: %d %q", code, out)
	}
	if out, _, _ := run("", `dirname "$SSL_CERT_FILE"`); out == "" {
		t.Error("the program trusts nothing more")
	} else if _, err := os.Stat(strings.TrimSpace(out)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what the program was pointed at is left behind: %v", err)
	}
	nothing := exec.Command(runner()[0], "run", "--server", server.address, "nosuchprogram")
	if out, err := nothing.CombinedOutput(); nothing.ProcessState.ExitCode() != 127 || !strings.Contains(string(out), "nosuchprogram cannot be started") {
		t.Errorf("%v %s", err, out)
	}
}

// A signal for lectern is one for the program, whose server ends after it.
func TestRunPassesSignals(t *testing.T) {
	data := t.TempDir()
	command := append(runner("--data", data), "sh", "-c", `trap 'echo stopping; exit 3' TERM; echo "ready $LECTERN_SERVER"; while :; do read line; done`)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no terminal of the tester's
	var errs buffer
	cmd.Stderr = &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	line := make([]byte, 100)
	n, err := out.Read(line)
	address, ready := strings.CutPrefix(strings.TrimSpace(string(line[:n])), "ready ")
	if !ready {
		t.Fatalf("%q, %v; %s", line[:n], err, &errs)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	in.Write([]byte("\n"))
	if n, _ = out.Read(line); string(line[:n]) != "stopping\n" {
		t.Errorf("the program says %q", line[:n])
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 3 {
		t.Errorf("exit code %d", code)
	}
	if _, err := http.Get("http://" + address + "/healthz"); err == nil {
		t.Error("the server that was started for the program runs on")
	}
	// Its data directory is free for the next one.
	if out, err := exec.Command(runner()[0], "run", "--data", data, "true").CombinedOutput(); err != nil {
		t.Errorf("%v %s", err, out)
	}
}

// Google's sample of long audio, which reads its object back from Cloud Storage, in
// a network of its own: nobody else could have answered.
func TestRunStorage(t *testing.T) {
	python := needs.Python(t, "google.cloud.storage")
	needs.OwnNetwork(t)
	command := append([]string{"-rn", "testdata/unchanged/offline.sh"}, runner("--data", t.TempDir())...)
	out, err := exec.CommandContext(t.Context(), "unshare", append(command, python, "testdata/unchanged/storage.py")...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "spoken storage\nsent 0\nsent 1\n") {
		t.Errorf("%v\n%s", err, out)
	}
}

// The same of what `make clients` installs.
func TestUnchangedProgramsSendNothingOut(t *testing.T) {
	needs.OwnNetwork(t)
	python := func(client, program string) func(*testing.T) []string {
		return func(t *testing.T) []string {
			return []string{filepath.Join(otherClient(t, client), "bin", "python"), "testdata/unchanged/" + program}
		}
	}
	programs := map[string]func(*testing.T) []string{
		"livekit":       python("agents", "livekit_agent.py"),
		"pipecat":       python("agents", "pipecat_agent.py"),
		"langchain":     python("langchain", "langchain_tool.py"),
		"homeassistant": homeAssistant,
	}
	for language, program := range otherPrograms {
		for _, transport := range []string{"grpc", "rest"} {
			programs[language+" "+transport] = func(t *testing.T) []string { return append(program(t), transport) }
		}
	}
	for name, program := range programs {
		t.Run(name, func(t *testing.T) {
			command := append([]string{"-rn", "testdata/unchanged/offline.sh"}, runner("--data", t.TempDir())...)
			out, err := exec.CommandContext(t.Context(), "unshare", append(command, program(t)...)...).CombinedOutput()
			if err != nil || !strings.Contains(string(out), "\nsent 0\nsent 1\n") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// LangChain's tool, which has no setting for an endpoint either.
func TestUnchangedLangChain(t *testing.T) {
	python := filepath.Join(otherClient(t, "langchain"), "bin", "python")
	server := serve(t, t.TempDir())
	speaks(t, append(runner("--server", server.address), python, "testdata/unchanged/langchain_tool.py")...)
}

// Home Assistant's integration, which takes an account's file and no endpoint.
func TestUnchangedHomeAssistant(t *testing.T) {
	program := homeAssistant(t)
	server := serve(t, t.TempDir())
	speaks(t, append(runner("--server", server.address), program...)...)
}

func homeAssistant(t *testing.T) []string {
	if _, err := os.Stat("../../.clients/homeassistant"); err != nil {
		t.Skip("SKIPPED: Home Assistant's integration is not installed; make clients does, where there is Python 3.13")
	}
	return []string{filepath.Join(otherClient(t, "homeassistant"), "bin", "python"), "testdata/unchanged/home_assistant.py"}
}
