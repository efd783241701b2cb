package install_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/internal/voicestore/download"
	"github.com/lectern/lectern/internal/voicestore/install"
	"github.com/lectern/lectern/speech"
)

const cc0 = "# Model card\n\n## Dataset\n\n* URL: https://example.com\n* License: CC0\n"

// hub is a loopback server with the hubs' layout.
type hub struct {
	*httptest.Server
	mu     sync.Mutex
	files  map[string][]byte
	piper  map[string]any
	asked  []string
	before func(w http.ResponseWriter, r *http.Request) (done bool)
}

func newHub(t testing.TB) *hub {
	h := &hub{files: map[string][]byte{}, piper: map[string]any{}}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

const piperRoot = "/rhasspy/piper-voices/resolve/main/"

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.asked = append(h.asked, r.URL.Path)
	body, ok := h.files[r.URL.Path]
	if r.URL.Path == piperRoot+"voices.json" && len(h.piper) > 0 {
		body, _ = json.Marshal(h.piper)
		ok = true
	}
	h.mu.Unlock()
	if h.before != nil && h.before(w, r) {
		return
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	sum := md5.Sum(body)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func (h *hub) requests(suffix string) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, path := range h.asked {
		if strings.HasSuffix(path, suffix) {
			n++
		}
	}
	return n
}

// voice puts a Piper voice on the hub, of size bytes that seed decides.
func (h *hub) voice(key, card string, size int, seed uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	parts := strings.Split(key, "-")
	family, _, _ := strings.Cut(parts[0], "_")
	folder := strings.Join([]string{family, parts[0], parts[1], parts[2]}, "/") + "/"
	files := map[string]any{}
	for name, body := range map[string][]byte{
		key + ".onnx":      noise(size, seed),
		key + ".onnx.json": []byte(`{"audio":{"sample_rate":16000},"espeak":{"voice":"en-us"},"phoneme_id_map":{"_":[0],"^":[1],"$":[2],"a":[3]}}`),
		"MODEL_CARD":       []byte(card),
	} {
		sum := md5.Sum(body)
		h.files[piperRoot+folder+name] = body
		files[folder+name] = map[string]any{"size_bytes": len(body), "md5_digest": hex.EncodeToString(sum[:])}
	}
	h.piper[key] = map[string]any{
		"key": key, "name": parts[1], "quality": parts[2], "num_speakers": 1, "speaker_id_map": map[string]int{},
		"language": map[string]string{"code": parts[0]}, "files": files,
	}
}

func (h *hub) path(key, suffix string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	for path := range h.files {
		if strings.HasSuffix(path, key+suffix) {
			return path
		}
	}
	return ""
}

func noise(n int, seed uint64) []byte {
	b := make([]byte, n)
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	rand.NewChaCha8(key).Read(b)
	return b
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// packages are a wheel and a tarball, and small, with the catalogue that knows
// them: onnxruntime (wheel), english and heart (one wheel), style (tarball, needs
// base), and lonely, which is on the hub only.
type packages struct {
	files     map[string][]byte
	catalogue *catalogue.Catalogue
}

func newPackages(t testing.TB) *packages {
	p := &packages{files: map[string][]byte{}, catalogue: &catalogue.Catalogue{Archives: map[string]catalogue.Archive{}}}
	ort, model, words, style := noise(5000, 1), noise(90_000, 2), noise(7000, 3), noise(3000, 4)
	p.pack(t, "ort", "pip", "tinyort", "1.0", map[string][]byte{"tinyort/lib.so": ort})
	p.pack(t, "hibari", "pip", "tinyhibari", "2.0", map[string][]byte{"tinyhibari/hibari.onnx": model, "tinyhibari/lexicon": words})
	p.pack(t, "style", "npm", "tinystyle", "1.2.1", map[string][]byte{"package/voices/af_x.bin": style})
	p.add("onnxruntime", voicestore.Runtime, nil, []string{"registry", "mirror"}, file("lib.so", ort, "", "ort", "tinyort/lib.so"))
	p.add("english", voicestore.Data, nil, []string{"registry", "mirror"}, file("lexicon", words, "", "hibari", "tinyhibari/lexicon"))
	p.add("heart", voicestore.VoiceKind, []string{"onnxruntime", "english"}, []string{"registry", "hub", "mirror"},
		file("hibari.onnx", model, "hub:hibari/voices/hibari.onnx", "hibari", "tinyhibari/hibari.onnx"), text("NOTICE"))
	p.add("af_x", voicestore.VoiceKind, []string{"onnxruntime"}, nil, file("af_x.bin", style, "hub:kokoro/af_x.bin", "style", "package/voices/af_x.bin"))
	p.add("lonely", voicestore.VoiceKind, []string{"onnxruntime"}, nil, file("lonely.onnx", model, "releases:lonely.onnx", "", ""))
	return p
}

func file(name string, body []byte, at, archive, in string) catalogue.File {
	f := catalogue.File{File: voicestore.File{Name: name, Size: int64(len(body)), SHA256: sum(body)}, At: at}
	if archive != "" {
		f.Pieces = []catalogue.Piece{{Archive: archive, Path: in}}
	}
	return f
}

func text(name string) catalogue.File {
	body, err := catalogue.Text("hibari-NOTICE.txt")
	if err != nil {
		panic(err)
	}
	return catalogue.File{File: voicestore.File{Name: name, Size: int64(len(body)), SHA256: sum(body)}, Text: "hibari-NOTICE.txt"}
}

func (p *packages) add(name string, kind voicestore.Kind, needs, order []string, files ...catalogue.File) {
	item := catalogue.Item{
		Item:  voicestore.Item{Name: name, Version: "1", Kind: kind, Engine: "hibari", Licence: "MIT", Class: voicestore.Free, Needs: needs},
		Order: order, Get: files,
	}
	if kind == voicestore.VoiceKind {
		item.Voices = []voicestore.Voice{{
			Voice: speech.Voice{Name: catalogue.PublicName("en-US", "hibari", name), Languages: []string{"en-US"}, NaturalSampleRateHertz: 24000, EngineName: name},
			Parts: map[string]string{"model": files[0].Name},
		}}
	}
	p.catalogue.Items = append(p.catalogue.Items, item)
}

// pack makes a package that the real clients take too.
func (p *packages) pack(t testing.TB, key, client, name, version string, files map[string][]byte) {
	t.Helper()
	var out bytes.Buffer
	a := catalogue.Archive{Client: client, Package: name, Version: version}
	if client == "pip" {
		a.File = name + "-" + version + "-py3-none-any.whl"
		info := name + "-" + version + ".dist-info/"
		z := zip.NewWriter(&out)
		write := func(name string, body []byte) {
			w, err := z.Create(name)
			if err == nil {
				_, err = w.Write(body)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		for name, body := range files {
			write(name, body)
		}
		write(info+"METADATA", fmt.Appendf(nil, "Metadata-Version: 2.1\nName: %s\nVersion: %s\n", name, version))
		write(info+"WHEEL", []byte("Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"))
		write(info+"RECORD", nil)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	} else {
		a.File = name + "-" + version + ".tgz"
		gz := gzip.NewWriter(&out)
		tw := tar.NewWriter(gz)
		files["package/package.json"] = fmt.Appendf(nil, `{"name":%q,"version":%q}`, name, version)
		for name, body := range files {
			if err := tw.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(body)), Typeflag: tar.TypeReg}); err != nil {
				t.Fatal(err)
			}
			tw.Write(body)
		}
		tw.Close()
		gz.Close()
	}
	a.Size, a.SHA256 = int64(out.Len()), sum(out.Bytes())
	p.files[a.File] = out.Bytes()
	p.catalogue.Archives[key] = a
}

// lay writes the packages into a folder.
func (p *packages) lay(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range p.files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// programs puts python3 and npm first on PATH that take packages from folder.
// Each line of calls is one call.
func programs(t testing.TB, folder string) (calls string) {
	t.Helper()
	bin := t.TempDir()
	calls = filepath.Join(bin, "calls")
	python := `#!/bin/sh
echo "python3 $*" >> ` + calls + `
test "$1 $2 $3" = "-m pip download" || { echo "ERROR: unknown command" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case "$1" in --dest) dest="$2";; --requirement) list="$2";; esac
  shift
done
name=$(sed 's/ .*//; s/==/-/' "$list")
test -n "$TMPDIR" || exit 3
cp ` + folder + `/"$name"-py3-none-any.whl "$TMPDIR"/w 2>/dev/null || { echo "ERROR: No matching distribution found for $name" >&2; exit 1; }
cp "$TMPDIR"/w "$dest/$name-py3-none-any.whl"
`
	npm := `#!/bin/sh
echo "npm $*" >> ` + calls + `
name=$(echo "$2" | sed 's/@/-/')
cp ` + folder + `/"$name".tgz . 2>/dev/null || { echo "npm error code E404" >&2; exit 1; }
`
	for name, script := range map[string]string{"python3": python, "npm": npm} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	return calls
}

func noPause(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) }

func open(t testing.TB, o install.Options) *install.Store {
	t.Helper()
	if o.Client == nil {
		o.Client = &download.Client{Pause: noPause}
	}
	s, err := install.Open(filepath.Join(t.TempDir(), "voices"), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// options for a hub and the small packages.
func options(h *hub, p *packages) install.Options {
	o := install.Options{Hub: "http://127.0.0.1:9", Releases: "http://127.0.0.1:9"}
	if h != nil {
		o.Hub, o.Releases = h.URL, h.URL
	}
	if p != nil {
		o.Catalogue = p.catalogue
	}
	return o
}

// installed are the names of what is installed, all of it undamaged.
func installed(t testing.TB, s *install.Store) string {
	t.Helper()
	items, err := s.Installed()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, item := range items {
		if err := s.Verify(t.Context(), item.Name); err != nil {
			t.Errorf("%s is damaged: %v", item.Name, err)
		}
		names = append(names, item.Name)
	}
	return strings.Join(names, " ")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
