package models_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/models"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/speech"
)

// install writes an item as it would be installed, with files of nothing.
func install(t *testing.T, dir string, item voicestore.Item, files ...string) {
	t.Helper()
	folder := filepath.Join(dir, item.Name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(folder, f), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		item.Files = append(item.Files, voicestore.File{Name: f, Size: 2, SHA256: "00"})
	}
	text, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, voicestore.ItemFile), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func voice(name, language, engineName string, parts map[string]string) voicestore.Voice {
	return voicestore.Voice{
		Voice: speech.Voice{Name: name, Languages: []string{language}, EngineName: engineName, NaturalSampleRateHertz: 24000},
		Parts: parts,
	}
}

// house has a voice of each engine, Kokoro's with a network in common.
func house(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, need := range []string{"onnxruntime", "english"} {
		install(t, dir, voicestore.Item{Name: need, Version: "1", Kind: voicestore.Data})
	}
	install(t, dir, voicestore.Item{Name: "kokoro", Version: "1", Kind: voicestore.Data, Engine: "kokoro"}, "network.onnx")
	item := func(name, engine string, needs []string, voices ...voicestore.Voice) voicestore.Item {
		return voicestore.Item{Name: name, Version: "1", Kind: voicestore.VoiceKind, Engine: engine, Needs: append(needs, "onnxruntime"), Voices: voices, Installed: time.Unix(1, 0)}
	}
	install(t, dir, item("af_x", "kokoro", []string{"kokoro", "english"}, voice("en-US-Kokoro-AfX", "en-US", "af_x", map[string]string{"model": "kokoro/network.onnx", "style": "x.bin"})), "x.bin")
	install(t, dir, item("ef_y", "kokoro", []string{"kokoro", "english"}, voice("es-ES-Kokoro-EfY", "es-ES", "ef_y", map[string]string{"model": "kokoro/network.onnx", "style": "y.bin"})), "y.bin")
	install(t, dir, item("emma", "hibari", []string{"english"}, voice("en-GB-Hibari-Emma", "en-GB", "emma", map[string]string{"model": "m.onnx"})), "m.onnx")
	install(t, dir, item("heart", "hibari", []string{"english"}, voice("en-US-Hibari-Heart", "en-US", "heart", map[string]string{"model": "m.onnx"})), "m.onnx")
	joe := voice("en-US-Piper-Joe", "en-US", "joe", map[string]string{"model": "text.onnx", "config": "joe.json"})
	joe.TranscribedBy = "en-us"
	install(t, dir, item("joe", "piper", nil, joe), "text.onnx", "joe.json")
	return dir
}

func names(all []models.Model) string {
	var found []string
	for _, m := range all {
		found = append(found, m.Name)
	}
	return strings.Join(found, " ")
}

func TestOf(t *testing.T) {
	dir := house(t)
	all, err := models.Of(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(all); got != "hibari/heart hibari/emma piper/joe kokoro/kokoro" {
		t.Fatalf("the models are %s", got)
	}
	piper, kokoro := all[2], all[3]
	if n := len(kokoro.Info.Voices); n != 2 || !kokoro.Info.Voices[0].Neural {
		t.Errorf("Kokoro has the voices %+v", kokoro.Info.Voices)
	}
	if by := kokoro.Info.AbilitiesOf("ef_y").TranscribedBy; by != "es" {
		t.Errorf("Kokoro's Spanish is read by %q", by)
	}
	if by := kokoro.Info.AbilitiesOf("af_x").TranscribedBy; by != "" {
		t.Errorf("Kokoro's English is read by %q", by)
	}
	if a := piper.Info.AbilitiesOf("joe"); a.TranscribedBy != "en-us" || a.Rate.Holds(0.5) || !a.Deterministic {
		t.Errorf("Piper's abilities are %+v", a)
	}
	if got, want := kokoro.Part("ef_y", "model"), filepath.Join(dir, "kokoro", "network.onnx"); got != want {
		t.Errorf("the network is %s, want %s", got, want)
	}
	if got, want := kokoro.Part("ef_y", "style"), filepath.Join(dir, "ef_y", "y.bin"); got != want {
		t.Errorf("the style is %s, want %s", got, want)
	}
	if kokoro.Part("ef_y", "config") != "" || kokoro.Part("nobody", "model") != "" {
		t.Error("there is a file that there is none of")
	}
}

// A voice that cannot be used is left out with a sentence, and the others go on.
func TestOfWhatIsBroken(t *testing.T) {
	dir := house(t)
	whole, _ := models.Of(dir)
	for _, broken := range []func() error{
		func() error { return os.Remove(filepath.Join(dir, "emma", "m.onnx")) },
		func() error { return os.WriteFile(filepath.Join(dir, "joe", voicestore.ItemFile), []byte("{"), 0o600) },
	} {
		if err := broken(); err != nil {
			t.Fatal(err)
		}
	}
	install(t, dir, voicestore.Item{Name: "new", Kind: voicestore.VoiceKind, Engine: "tomorrow", Voices: []voicestore.Voice{voice("en-US-T-1", "en-US", "1", nil)}})
	install(t, dir, voicestore.Item{Name: "poor", Kind: voicestore.VoiceKind, Engine: "piper", Needs: []string{"nothing"}, Voices: []voicestore.Voice{voice("en-US-P-1", "en-US", "1", nil)}})
	all, err := models.Of(dir)
	if got := names(all); got != "hibari/heart kokoro/kokoro" {
		t.Errorf("the models are %s", got)
	}
	for _, want := range []string{"en-GB-Hibari-Emma is damaged", "joe cannot be read", `engine "tomorrow"`, "needs nothing, which is not installed", "lectern voices install"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
	if _, err := models.Find(dir, "hibari/emma"); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("Find: %v", err)
	}
	own := voicestore.Item{Name: "mine", Kind: voicestore.VoiceKind, Engine: "piper", Source: voicestore.Own, Voices: []voicestore.Voice{voice("en-US-M-1", "en-US", "1", map[string]string{"model": "gone.onnx"})}}
	install(t, dir, own)
	if _, err := models.Of(dir); err == nil || !strings.Contains(err.Error(), "`lectern voices remove mine` and `lectern voices add`") {
		t.Errorf("a model of one's own that is damaged: %v", err)
	}
	heart, err := models.Find(dir, "hibari/heart")
	if err != nil || heart.Version != whole[0].Version {
		t.Errorf("heart is another one: %v", err)
	}
	if err := heart.Verify(); err == nil || !strings.Contains(err.Error(), "lectern voices install --again heart") {
		t.Errorf("Verify: %v", err)
	}
}

func TestOfNothing(t *testing.T) {
	if all, err := models.Of(filepath.Join(t.TempDir(), "none")); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}
