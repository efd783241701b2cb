package floors_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"strings"
	"testing"
)

const module = "github.com/lectern/lectern/"

// floorOf gives every package its floor. A package may import its own shelf
// (the same first path element) and lower floors, never its own floor's other
// shelves and never upward. A new package does not pass until it has a line.
var floorOf = map[string]int{
	".":                   4, // the package lectern
	"lecterntest":         4,
	"cmd/lectern":         4,
	"internal/command":    4,
	"cmd/lectern-espeak":  4,
	"cmd/lectern-flite":   4,
	"cmd/lectern-neural":  4,
	"cmd/lro-conformance": 4,

	"bucket/blob/cmd/lectern-stores": 4,

	"openai":                     3,
	"gcs":                        3,
	"outputs":                    3,
	"wyoming":                    3,
	"ttsapi":                     3,
	"ttsapi/client":              3,
	"ttsapi/restgw":              3,
	"ttsapi/restgw/operationsgw": 3,
	"ttsapi/restgw/v1beta1gw":    3,
	"ttsapi/restgw/v1gw":         3,
	"ttsapi/v1beta1pb":           3,
	"server":                     3,
	"server/transcode":           3,
	"internal/config":            3,
	"internal/metrics":           3,
	"internal/webhook":           3,
	"internal/apigen":            3,
	"internal/listener":          3,
	"internal/installed":         3,
	"internal/models":            3,
	"internal/floors":            3,
	"internal/cldrgen":           3,
	"internal/cases":             0,
	"internal/authority":         0,
	"internal/hosts":             0,
	"internal/certificates":      3,
	"internal/needs":             0,
	"internal/objectservers":     0,
	"internal/proxy":             3,
	"internal/tokens":            3,
	"internal/trust":             3,

	"internal/voicestore":                3,
	"internal/voicestore/catalogue":      3,
	"internal/voicestore/catalogue/make": 3,
	"internal/voicestore/download":       3,
	"internal/voicestore/install":        3,

	"synth":             2,
	"longaudio":         2,
	"callers":           2,
	"quota":             2,
	"ssml":              1,
	"textnorm":          1,
	"lexicon":           1,
	"engine":            1,
	"engine/driver":     1,
	"engine/enginetest": 1,
	"engine/worker":     1,
	"engine/tone":       1,
	"engine/espeak":     1,
	"engine/flite":      1,
	"engine/voices":     1,

	"engine/neural":                     1,
	"engine/neural/acoustic":            1,
	"engine/neural/graph":               1,
	"engine/neural/graph/internal/wire": 1,
	"engine/neural/graph/graphtest":     1,
	"engine/neural/hibari":              1,
	"engine/neural/hibari/voicefile":    1,
	"engine/neural/kokoro":              1,
	"engine/neural/kokoro/kokorotest":   1,
	"engine/neural/kokoro/voicefile":    1,
	"engine/neural/onnx":                1,
	"engine/neural/onnx/onnxtest":       1,
	"engine/neural/piper":               1,
	"engine/neural/piper/pipertest":     1,
	"engine/neural/piper/voicefile":     1,
	"engine/neural/vocoder":             1,

	"g2p":                1,
	"dsp":                1,
	"encode":             1,
	"encode/driver":      1,
	"encode/encodetest":  1,
	"encode/pcm":         1,
	"encode/packets":     1,
	"encode/mp3":         1,
	"encode/oggopus":     1,
	"encode/m4a":         1,
	"encode/flac":        1,
	"encode/wav":         1,
	"auth":               1,
	"auth/authtest":      1,
	"auth/keys":          1,
	"auth/mtls":          1,
	"auth/oidc":          1,
	"auth/postgres":      1,
	"internal/audit":     3,
	"internal/exchange":  3,
	"bucket":             1,
	"bucket/driver":      1,
	"bucket/file":        1,
	"bucket/blob":        1, // a module of its own, with the program below
	"bucket/buckettest":  1,
	"clip":               1,
	"captions":           1,
	"lro":                1,
	"lro/driver":         1,
	"lro/internal/queue": 1,
	"lro/postgres":       1,
	"lro/lrotest":        1,
	"lro/sqlite":         1,
	"speech":             0,
	"audio":              0,
	"fault":              0,
	"phoneme":            0,
}

// beside lists shelves of one floor of which one stands on the other, which does
// not know it.
var beside = map[string]string{
	"longaudio": "synth", // what it keeps of an operation is what synth plans and speaks
}

// only lists imports that few may use: a package whose path starts with one of
// the allowed ones, or nobody else. The reason stands beside each.
var only = []struct {
	imports string   // prefix of an import path
	allowed []string // prefixes of our packages, without the module
	why     string
}{
	{"cloud.google.com/go/texttospeech", []string{"ttsapi", "internal/apigen"}, "only ttsapi knows Google's text-to-speech messages"},
	{module + "ttsapi/v1beta1pb", []string{"ttsapi", "internal/apigen"}, "only ttsapi knows Google's text-to-speech messages"},
	{"gocloud.dev", []string{"bucket/blob"}, "only a driver of the bucket shelf knows object stores"},
	{"github.com/aws/", []string{"bucket/blob"}, "only a driver of the bucket shelf knows object stores"},
	{"github.com/Azure/", []string{"bucket/blob"}, "only a driver of the bucket shelf knows object stores"},
	{"database/sql", []string{"lro/sqlite"}, "only a store of the lro shelf knows SQL"},
	{"github.com/jackc/", []string{"lro/postgres", "auth/postgres"}, "only a store of the lro shelf, or of keys, knows SQL"},
	{"modernc.org/", []string{"lro/sqlite"}, "only a store of the lro shelf knows SQL"},
	{"net/http", []string{".", "server", "gcs", "internal/metrics", "internal/webhook", "ttsapi/restgw", "openai", "outputs", "ttsapi/client", "clip", "internal/voicestore/download", "internal/proxy", "internal/tokens", "internal/exchange", "auth/oidc"}, "only server and what it serves know HTTP; clip, voicestore and auth/oidc are clients of other servers', which is why synth must not depend on them"},
	{"github.com/hajimehoshi/go-mp3", []string{"clip"}, "only clip decodes what strangers made, behind its guards"},
	{"github.com/pion/opus", []string{"clip", "encode"}, "only clip decodes what strangers made, behind its guards; encode's tests read back"},
	{"github.com/grpc-ecosystem/", []string{"server", "ttsapi/restgw", "internal/apigen"}, "only the gateway knows the gateway"},
	{module + "engine/espeak", []string{"cmd/lectern-espeak"}, "engine/espeak is GPL-3.0-or-later: everything else must stay linkable without it"},
	{"github.com/yalue/onnxruntime_go", []string{"engine/neural/onnx"}, "the binding of ONNX Runtime is C, and has the process's one runtime"},
	{module + "engine/neural/onnx", []string{"engine/neural", "cmd/lectern-neural"}, "networks run in their worker only"},
	{module + "engine/flite", []string{"cmd/lectern-flite"}, "engines are linked by their worker only"},
	{"C", []string{"engine/espeak", "engine/flite", "encode/mp3", "encode/oggopus", "encode/m4a"}, "C is for engines, whose crash is a worker's, and for codecs, which see nothing but samples"},
	{module + "bench", nil, "bench is a module of its own, which measures the product from outside"},
	{"github.com/spf13/", []string{"internal/command", "cmd/lro-conformance"}, "only commands know the command line"},
	{module + "bucket/blob", []string{"bucket/blob"}, "who keeps objects in files links no client of an object store: lectern-stores has them, in a module of its own"},
	{module + "internal/command", []string{"cmd/lectern", "bucket/blob/cmd"}, "a program is no library; who wants the server embeds the package lectern"},
}

// never lists what whole shelves must not know, directly or through others.
var never = []struct{ shelf, prefix, why string }{
	{"lro", module + "speech", "lro is a library for any kind of work"},
	{"lro", module + "audio", "lro is a library for any kind of work"},
	{"lro", module + "bucket", "lro is a library for any kind of work"},
	{"lro", module + "auth", "owners are opaque strings to lro"},
	{"synth", "google.golang.org/protobuf", "synth knows no messages"},
	{"synth", "net/http", "synth knows no transport"},
	{"synth", module + "clip", "synth opens clips through an interface of its own"},
	{"longaudio", "cloud.google.com/go/texttospeech", "long audio knows no API's messages"},
	{"longaudio", module + "ttsapi", "long audio knows no API's messages"},
	{".", module + "encode/mp3", embedder},
	{".", module + "encode/oggopus", embedder},
	{".", module + "encode/m4a", embedder},
	{".", "gocloud.dev", embedder},
	{".", "github.com/aws/", embedder},
	{".", "github.com/Azure/", embedder},
	{".", "github.com/jackc/", embedder},
	{".", "github.com/spf13/", embedder},
	{".", module + "engine/neural/onnx", embedder},
	{".", module + "engine/espeak", embedder},
	{".", module + "engine/flite", embedder},
	{"engine", "google.golang.org/protobuf", "engines know no messages"},
	{"encode", "google.golang.org/protobuf", "encoders know no messages"},
}

// embedder is why the package lectern is kept light.
const embedder = "whoever embeds the server links only what they chose: engines, codecs of C and clients of services are theirs to bring"

type goPackage struct {
	ImportPath string
	Name       string
	Imports    []string
	Deps       []string
	Doc        string
	GoFiles    []string
}

func load(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Imports,Deps,Doc,GoFiles", "./...", "./bucket/blob/...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if !within(p.ImportPath, module+"bench") { // which stands outside of the house
			all = append(all, p)
		}
	}
}

func shelf(pkg string) string { return strings.Split(pkg, "/")[0] }

// nameOf is a package of ours as the tables spell it; that of the module's root is
// ".".
func nameOf(importPath string) (name string, ours bool) {
	if importPath+"/" == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module)
}

func TestFloors(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range load(t) {
		name, ours := nameOf(p.ImportPath)
		if !ours {
			continue
		}
		floor, ok := floorOf[name]
		if !ok {
			t.Errorf("%s has no floor: give it a line in this table", name)
			continue
		}
		seen[name] = true
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment", name)
		}
		for _, imp := range p.Imports {
			other, ours := nameOf(imp)
			if !ours {
				continue
			}
			up := floorOf[other] > floor
			sideways := floorOf[other] == floor && shelf(other) != shelf(name) && floor < 3 && beside[shelf(name)] != shelf(other)
			if up || sideways {
				t.Errorf("%s (floor %d) imports %s (floor %d)", name, floor, other, floorOf[other])
			}
		}
	}
	for name := range floorOf {
		if !seen[name] {
			t.Logf("%s has a floor and no code yet", name)
		}
	}
}

func TestFewMayImport(t *testing.T) {
	for _, p := range load(t) {
		name, _ := nameOf(p.ImportPath)
		for _, rule := range only {
			if allowed(name, rule.allowed) || within(module+name, rule.imports) {
				continue
			}
			for _, imp := range p.Imports {
				if within(imp, rule.imports) {
					t.Errorf("%s imports %s: %s", name, imp, rule.why)
				}
			}
		}
	}
}

func TestShelvesStayIgnorant(t *testing.T) {
	for _, p := range load(t) {
		name, _ := nameOf(p.ImportPath)
		for _, rule := range never {
			if shelf(name) != rule.shelf {
				continue
			}
			for _, dep := range p.Deps {
				if within(dep, rule.prefix) {
					t.Errorf("%s depends on %s: %s", name, dep, rule.why)
				}
			}
		}
	}
}

func allowed(name string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if within(name, strings.TrimSuffix(prefix, "/")) {
			return true
		}
	}
	return false
}

// within reports whether pkg is base or lies below it.
func within(pkg, base string) bool {
	base = strings.TrimSuffix(base, "/")
	return pkg == base || strings.HasPrefix(pkg, base+"/") && path.Clean(pkg) == pkg
}
