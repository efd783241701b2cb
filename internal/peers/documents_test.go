package peers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

// sharedDocuments are other people's documents. They stand beside the checkout,
// since not all of them may be part of it.
const sharedDocuments = "../../../shared/testdata/ssml/documents"

var refusedAt = regexp.MustCompile(`line \d+, column \d+`)

// Every document speaks or is refused with a place; those of Google's own
// samples speak.
func TestDocumentsSpeakOrAreRefused(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedDocuments, "*.ssml"))
	if err != nil || len(files) == 0 {
		needs.Missing(t, "there are no documents in %s", sharedDocuments)
	}
	spoken := 0
	for _, file := range files {
		name := filepath.Base(file)
		document, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "out.wav")
		cmd := exec.Command(filepath.Join(programs, "lectern"), "say", "--ssml", "-o", out, "-")
		cmd.Stdin = bytes.NewReader(document)
		said, err := cmd.CombinedOutput()
		if err != nil {
			if !refusedAt.Match(said) && !strings.Contains(string(said), "UTF-8") {
				t.Errorf("%s is refused without a place: %s", name, said)
			}
			if strings.HasPrefix(name, "kokoro-google-") {
				t.Errorf("%s: %s", name, said)
			}
			continue
		}
		spoken++
		file, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		mustBeWAV(t, file)
	}
	if spoken < 4 {
		t.Errorf("only %d of %d documents speak", spoken, len(files))
	}
	t.Logf("%d of %d documents speak", spoken, len(files))
}
