package ssml_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/ssml"
)

// documents are the whole documents of testdata/documents, by name.
func documents(t testing.TB) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("testdata/documents/*.ssml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".ssml")] = string(text)
	}
	return all
}

// documentVerdicts are the words that the reason for refusing each document
// must hold, "" for one that is accepted.
func documentVerdicts(t testing.TB) map[string]string {
	t.Helper()
	file, err := os.ReadFile("testdata/documents/verdicts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	wants := map[string]string{}
	for line := range strings.Lines(string(file)) {
		name, want, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if _, twice := wants[name]; !ok || twice {
			t.Fatalf("a line without a tab, or of a document that has one already: %q", line)
		}
		wants[name] = want
	}
	return wants
}

func TestDocuments(t *testing.T) {
	all, wants := documents(t), documentVerdicts(t)
	for name := range wants {
		if _, ok := all[name]; !ok {
			t.Errorf("%s has a verdict, and no document", name)
		}
	}
	for name, text := range all {
		t.Run(name, func(t *testing.T) {
			want, known := wants[name]
			if !known {
				t.Fatal("no verdict is known")
			}
			_, err := ssml.Parse(text, ssml.Limits{})
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q", err, want)
			}
			if f := fault.From(err); f != nil && (f.Code != fault.InvalidArgument || f.Line < 1 || f.Column < 1) {
				t.Errorf("%v at %d:%d", f.Code, f.Line, f.Column)
			}
		})
	}
}
