package voicestore_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/speech"
)

func put(t *testing.T, dir, name string, files map[string]string) voicestore.Item {
	t.Helper()
	item := voicestore.Item{Name: name, Version: "1", Kind: voicestore.VoiceKind, Engine: "hibari", Voices: []voicestore.Voice{{
		Voice: speech.Voice{Name: "en-US-Hibari-" + name, Languages: []string{"en-US"}, NaturalSampleRateHertz: 24000},
		Parts: map[string]string{"model": "a.onnx", "style": "kokoro/b.bin"},
	}}}
	if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
		t.Fatal(err)
	}
	for file, text := range files {
		sum := sha256.Sum256([]byte(text))
		item.Files = append(item.Files, voicestore.File{Name: file, Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:])})
		if err := os.WriteFile(filepath.Join(dir, name, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := json.Marshal(item)
	if err := os.WriteFile(filepath.Join(dir, name, voicestore.ItemFile), text, 0o644); err != nil {
		t.Fatal(err)
	}
	return item
}

func TestInstalled(t *testing.T) {
	dir := t.TempDir()
	if items, err := voicestore.Installed(filepath.Join(dir, "none")); len(items) != 0 || err != nil {
		t.Errorf("a missing directory has %v: %v", items, err)
	}
	want := put(t, dir, "heart", map[string]string{"a.onnx": "model"})
	put(t, dir, ".partial", nil)
	os.MkdirAll(filepath.Join(dir, "other"), 0o755)
	os.WriteFile(filepath.Join(dir, "file"), nil, 0o644)
	items, err := voicestore.Installed(dir)
	if err != nil || len(items) != 1 || items[0].Voices[0].Name != want.Voices[0].Name {
		t.Fatalf("there are %v: %v", items, err)
	}
	if got := items[0].Path(dir, "a.onnx"); got != filepath.Join(dir, "heart", "a.onnx") {
		t.Error(got)
	}
	if got := items[0].Path(dir, "kokoro/b.bin"); got != filepath.Join(dir, "kokoro", "b.bin") {
		t.Error(got)
	}
	put(t, dir, "broken", nil)
	os.WriteFile(filepath.Join(dir, "broken", voicestore.ItemFile), []byte("{"), 0o644)
	items, err = voicestore.Installed(dir)
	var broken *voicestore.Broken
	if len(items) != 1 || !errors.As(err, &broken) || broken.Item != "broken" {
		t.Errorf("with a broken item there are %v: %v", items, err)
	}
	if _, err := voicestore.Read(dir, "../x"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestReadRefusesPathsOutside(t *testing.T) {
	for name, change := range map[string]func(*voicestore.Item){
		"name":  func(i *voicestore.Item) { i.Name = "other" },
		"kind":  func(i *voicestore.Item) { i.Kind = "x" },
		"file":  func(i *voicestore.Item) { i.Files[0].Name = "../x" },
		"part":  func(i *voicestore.Item) { i.Voices[0].Parts["model"] = "/etc/passwd" },
		"voice": func(i *voicestore.Item) { i.Voices[0].Languages = nil },
	} {
		dir := t.TempDir()
		item := put(t, dir, "heart", map[string]string{"a.onnx": "model"})
		change(&item)
		text, _ := json.Marshal(item)
		os.WriteFile(filepath.Join(dir, "heart", voicestore.ItemFile), text, 0o644)
		var broken *voicestore.Broken
		if _, err := voicestore.Read(dir, "heart"); !errors.As(err, &broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerifyNamesTheDamagedFile(t *testing.T) {
	for want, damage := range map[string]func(path string) error{
		"is missing":     os.Remove,
		"has 4 bytes":    func(path string) error { return os.WriteFile(path, []byte("mode"), 0o644) },
		"other contents": func(path string) error { return os.WriteFile(path, []byte("Model"), 0o644) },
		"no plain file":  func(path string) error { os.Remove(path); return os.Mkdir(path, 0o755) },
	} {
		dir := t.TempDir()
		put(t, dir, "heart", map[string]string{"a.onnx": "model", "LICENSE": "text"})
		if err := voicestore.Verify(t.Context(), dir, "heart"); err != nil {
			t.Fatal(err)
		}
		if err := damage(filepath.Join(dir, "heart", "a.onnx")); err != nil {
			t.Fatal(err)
		}
		var found *voicestore.Damage
		err := voicestore.Verify(t.Context(), dir, "heart")
		if !errors.As(err, &found) || found.Item != "heart" || found.File != "a.onnx" || !strings.Contains(found.What, want) {
			t.Errorf("%s: %v", want, err)
		}
		if quick := voicestore.Sizes(dir, "heart"); (quick == nil) != (want == "other contents") {
			t.Errorf("%s: by sizes %v", want, quick)
		}
	}
	if err := voicestore.Verify(t.Context(), t.TempDir(), "heart"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	dir := t.TempDir()
	put(t, dir, "heart", map[string]string{"a.onnx": "model"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := voicestore.Verify(ctx, dir, "heart"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestFingerprint(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "voices")
	seen := map[string]string{}
	look := func(what string) {
		t.Helper()
		now, err := voicestore.Fingerprint(dir)
		again, _ := voicestore.Fingerprint(dir)
		if err != nil || now != again {
			t.Fatalf("%s: %s, then %s: %v", what, now, again, err)
		}
		if before, same := seen[now]; same {
			t.Errorf("%s looks as %s", what, before)
		}
		seen[now] = what
	}
	look("no directory")
	put(t, dir, "heart", map[string]string{"a.onnx": "1"})
	look("one item")
	put(t, dir, "emma", map[string]string{"a.onnx": "1"})
	look("two items")
	quiet, _ := voicestore.Fingerprint(dir)
	put(t, dir, ".partial", nil)
	os.WriteFile(filepath.Join(dir, ".piper.json"), nil, 0o644)
	if now, _ := voicestore.Fingerprint(dir); now != quiet {
		t.Error("what is being made changes it")
	}
	if err := os.RemoveAll(filepath.Join(dir, "heart")); err != nil {
		t.Fatal(err)
	}
	look("the other item")
}
