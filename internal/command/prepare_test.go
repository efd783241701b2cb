package command

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/lectern/lectern/engine/neural/piper/pipertest"
	"github.com/lectern/lectern/engine/neural/piper/voicefile"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/internal/voicestore/install"
)

// TestAddSpeakers: each speaker of a model of one's own is a voice, and all of them
// share the network, which is prepared once.
func TestAddSpeakers(t *testing.T) {
	dir := t.TempDir()
	model := filepath.Join(dir, "choir.onnx")
	for path, data := range map[string][]byte{model: pipertest.Voice(3).Bytes(), model + ".json": []byte(pipertest.Config(3))} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := catalogue.Text("hibari-NOTICE.txt")
	if err != nil {
		t.Fatal(err)
	}
	// What voices need is there as a text of the program: nothing is fetched.
	runtime := catalogue.Item{
		Item: voicestore.Item{Name: "onnxruntime", Version: "1", Kind: voicestore.Runtime, Licence: "MIT", Class: voicestore.Free},
		Get:  []catalogue.File{{File: voicestore.File{Name: "NOTICE", Size: int64(len(text))}, Text: "hibari-NOTICE.txt"}},
	}
	store, err := install.Open(filepath.Join(dir, "voices"), install.Options{Preparers: preparers, Catalogue: &catalogue.Catalogue{Items: []catalogue.Item{runtime}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Add(t.Context(), model, "", "choir", install.InstallOptions{}); err != nil {
		t.Fatal(err)
	}
	item, err := voicestore.Read(store.Dir(), "choir")
	if err != nil || len(item.Voices) != 3 {
		t.Fatalf("%+v, %v", item, err)
	}
	for i, v := range item.Voices {
		if v.Speaker != i || item.Path(store.Dir(), v.Parts["model"]) != filepath.Join(store.Dir(), "choir", voicefile.TextFile) {
			t.Errorf("%s has the number %d and the parts %v", v.Name, v.Speaker, v.Parts)
		}
	}
	if _, err := voicefile.ReadParts(filepath.Join(store.Dir(), "choir")); err != nil {
		t.Error(err)
	}
}
