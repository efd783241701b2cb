package peers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// documents is where the parser's documents are, with a verdict on each.
const documents = "../../ssml/testdata/documents"

// refusedAt is a refusal with a place. What is no text at all does not get as
// far as the parser.
var refusedAt = regexp.MustCompile(`line \d+, column \d+|is not UTF-8 \(line \d+\)|the text is empty`)

// Every document speaks or is refused with a place, and speaks if the parser
// accepts it; by a server that is strict only then, while others speak more.
func TestDocumentsSpeakOrAreRefused(t *testing.T) {
	strict := speakDocuments(t, true)
	lenient := speakDocuments(t, false)
	t.Logf("%d documents speak, %d if what is unknown may", strict, lenient)
	if strict < 30 || lenient < strict+20 {
		t.Errorf("only %d documents speak, and %d if what is unknown may", strict, lenient)
	}
}

func speakDocuments(t *testing.T, strict bool) (spoken int) {
	verdicts, err := os.ReadFile(filepath.Join(documents, "verdicts.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	// A server that fetches nothing, since `say` by itself would: recordings
	// of https addresses give way to what stands in their place.
	flags := []string{"--clip-hosts", "none"}
	if strict {
		flags = append(flags, "--strict-ssml")
	}
	server := serve(t, t.TempDir(), flags...)
	for line := range strings.Lines(string(verdicts)) {
		name, reason, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		document, err := os.ReadFile(filepath.Join(documents, name+".ssml"))
		if err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "out.wav")
		cmd := exec.Command(filepath.Join(programs, "lectern"), "say", "--server", server.address, "--ssml", "-o", out, "-")
		cmd.Stdin = bytes.NewReader(document)
		said, err := cmd.CombinedOutput()
		if err != nil {
			if !refusedAt.Match(said) {
				t.Errorf("%s is refused without a place: %s", name, said)
			}
			// The voices of Azure are good names that nobody here has.
			if reason == "" && !strings.HasPrefix(name, "azure-") {
				t.Errorf("%s: %s", name, said)
			}
			continue
		}
		if strict && reason != "" {
			t.Errorf("%s speaks, although the parser refuses it: %s", name, reason)
		}
		spoken++
		file, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		mustBeWAV(t, file)
	}
	return spoken
}
