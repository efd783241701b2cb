package command

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/speech"
)

// TestDoctorReadsVoices: a file that has changed on the disk is found though its size
// is the same, told once, and with what to do.
func TestDoctorReadsVoices(t *testing.T) {
	dir := t.TempDir()
	put := func(item voicestore.Item, file string) {
		t.Helper()
		digest := sha256.Sum256([]byte(file))
		item.Files = []voicestore.File{{Name: file, Size: int64(len(file)), SHA256: hex.EncodeToString(digest[:])}}
		text, err := json.Marshal(item)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(dir, item.Name), 0o700); err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string][]byte{file: []byte(file), voicestore.ItemFile: text} {
			if err := os.WriteFile(filepath.Join(dir, item.Name, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	put(voicestore.Item{Name: "shared", Kind: voicestore.Data}, "words")
	for _, name := range []string{"anna", "bert"} {
		put(voicestore.Item{Name: name, Kind: voicestore.VoiceKind, Engine: "piper", Needs: []string{"shared"}, Voices: []voicestore.Voice{{
			Voice: speech.Voice{Name: "de-DE-Piper-" + name, Languages: []string{"de-DE"}, NaturalSampleRateHertz: 16000, EngineName: name},
			Parts: map[string]string{"model": "text.onnx"},
		}}}, "text.onnx")
	}
	found := func() string {
		var out strings.Builder
		(&doctor{out: &out, config: config.Config{Voices: dir}}).voices()
		return out.String()
	}
	if got, want := found(), "ok    voices   anna, bert in "+dir+"\n"; got != want {
		t.Errorf("of whole voices: %q, want %q", got, want)
	}
	if err := os.WriteFile(filepath.Join(dir, "shared", "words"), []byte("sword"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := "BAD   voices   shared: the file words has other contents than when it was installed; `lectern voices install --again shared` gets it anew\n"
	if got := found(); got != want {
		t.Errorf("of a damaged one: %q, want %q", got, want)
	}
}
