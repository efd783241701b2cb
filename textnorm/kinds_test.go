package textnorm_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/textnorm"
)

// TestKinds runs the tables of testdata/kinds, one for each kind of what is
// written: a language, what is written, what is spoken. A kind has forty rows at
// least, in all six languages.
func TestKinds(t *testing.T) {
	files, err := filepath.Glob("testdata/kinds/*.tsv")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d tables of kinds, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".tsv"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			rows, languages := 0, map[string]bool{}
			for line := range strings.Lines(string(text)) {
				fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
				if len(fields) != 3 {
					t.Errorf("%q is no row", line)
					continue
				}
				tag, written, want := fields[0], fields[1], fields[2]
				rows++
				base, _, _ := strings.Cut(tag, "-")
				languages[base] = true
				s := textnorm.ForLanguage(tag).Sentence(written, nil)
				if s.Text != want {
					t.Errorf("%s: %q\nis  %q\nnot %q", tag, written, s.Text, want)
				}
				checkSpoken(t, written, s)
			}
			if rows < 40 || len(languages) < 6 {
				t.Errorf("%d rows in %d languages", rows, len(languages))
			}
		})
	}
}
