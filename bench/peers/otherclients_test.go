package peers_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

// pythonClient is the Python that has Google's client.
func pythonClient(t *testing.T) string {
	t.Helper()
	python, err := filepath.Abs("../../.venv/bin/python")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		needs.Missing(t, "Google's Python client is not in .venv, where make test installs it")
	}
	return python
}

func TestPythonClient(t *testing.T) {
	python := pythonClient(t)
	server := serve(t, t.TempDir())
	for _, transport := range []string{"grpc", "rest"} {
		for _, version := range []string{"v1", "v1beta1"} {
			t.Run(transport+" "+version, func(t *testing.T) {
				out, err := exec.CommandContext(t.Context(), python, "testdata/client.py", server.address, transport, version, server.data).CombinedOutput()
				if err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}

// otherClient is the path of a client of Google's that is too large to be installed
// for each run of the suite: `make clients` does, and runs its test.
func otherClient(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("../../.clients/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("LECTERN_TEST_CLIENTS") == "required" {
			t.Fatal(err)
		}
		t.Skipf("SKIPPED: Google's %s client is not installed; make clients does", name)
	}
	return path
}

func TestNodeClient(t *testing.T) {
	client := otherClient(t, "node")
	node := needs.Program(t, "node")
	server := serve(t, t.TempDir())
	for _, transport := range []string{"grpc", "rest"} {
		for _, version := range []string{"v1", "v1beta1"} {
			t.Run(transport+" "+version, func(t *testing.T) {
				out, err := exec.CommandContext(t.Context(), node, "testdata/client.js", server.address, transport, version, server.data, client).CombinedOutput()
				if err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
}

func TestJavaClient(t *testing.T) {
	client := otherClient(t, "java")
	java := needs.Program(t, "java")
	server := serve(t, t.TempDir())
	for _, transport := range []string{"grpc", "rest"} {
		t.Run(transport, func(t *testing.T) {
			out, err := exec.CommandContext(t.Context(), java, "-cp", client+"/*", "testdata/Client.java", server.address, transport, server.data).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// curl runs curl and returns what it printed, the HTTP status last.
func curl(t *testing.T, args ...string) (body, status string) {
	t.Helper()
	args = append([]string{"-s", "-w", "\n%{http_code} %{content_type}"}, args...)
	out, err := exec.CommandContext(t.Context(), needs.Program(t, "curl"), args...).Output()
	if err != nil {
		t.Fatalf("curl %q: %v", args, err)
	}
	at := bytes.LastIndexByte(out, '\n')
	return string(out[:at]), string(out[at+1:])
}

// Every form of cancel that the contract names, each on an operation of its own.
func TestCurlCancels(t *testing.T) {
	server := serve(t, t.TempDir())
	base := "http://" + server.address
	request := filepath.Join(t.TempDir(), "request.json")
	for i, form := range []struct {
		path string // ID stands for the operation's id
		args []string
	}{
		{"/v1/operations/ID:cancel", nil},
		{"/v1/operations/ID:cancel", []string{"-d", ""}},
		{"/v1/operations/projects/p/locations/l/operations/ID:cancel", []string{"-d", "{}"}},
		{"/v1/projects/p/locations/l/operations/ID:cancel", []string{"-H", "Content-Type: application/json", "-d", " \n"}},
		{"/v1/projects/p/locations/l/operations/ID:cancel", []string{"-d", `{"name":"projects/p/locations/l/operations/ID"}`}},
		{"/v1beta1/projects/p/locations/l/operations/ID:cancel", []string{"-H", "Content-Type: text/plain"}},
		{"/v1beta1/operations/ID:cancel?$alt=json;enum-encoding=int", nil},
	} {
		body, err := json.Marshal(map[string]any{
			"input":        map[string]string{"text": bookText},
			"voice":        map[string]string{"languageCode": "fr-FR"},
			"audioConfig":  map[string]any{"audioEncoding": 1},
			"outputGcsUri": "gs://curl/" + string(rune('a'+i)) + ".wav",
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(request, body, 0o600); err != nil {
			t.Fatal(err)
		}
		answer, status := curl(t, "-d", "@"+request, base+"/v1/projects/p/locations/l:synthesizeLongAudio")
		var op struct{ Name string }
		if err := json.Unmarshal([]byte(answer), &op); err != nil || !strings.HasPrefix(status, "200") {
			t.Fatalf("start: %s %s", status, answer)
		}
		id := op.Name[strings.LastIndexByte(op.Name, '/')+1:]
		args := []string{"-X", "POST", "-g"}
		for _, a := range form.args {
			args = append(args, strings.ReplaceAll(a, "ID", id))
		}
		answer, status = curl(t, append(args, base+strings.ReplaceAll(form.path, "ID", id))...)
		if strings.TrimSpace(answer) != "{}" || !strings.HasPrefix(status, "200 application/json") {
			t.Errorf("%s %q: %s %s", form.path, form.args, status, answer)
		}
		answer, _ = curl(t, base+"/v1/"+op.Name)
		var got struct {
			Done  bool
			Error struct{ Code int }
		}
		if err := json.Unmarshal([]byte(answer), &got); err != nil || !got.Done || got.Error.Code != 1 {
			t.Errorf("%s: afterwards %s", form.path, answer)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(server.data, "buckets", "*", "*")); len(files) > 0 {
		t.Errorf("objects of cancelled operations: %v", files)
	}
}
