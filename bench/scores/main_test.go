package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder writes files, by their paths, into a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTable(t *testing.T) {
	dir := folder(t, map[string]string{
		"textnorm/en/cardinal.tsv": "12\ttwelve\n7\tseven\n",
		"ssml/verdicts.tsv":        "<speak>a</speak>\tvalid\t-\tours\n<speak>\tinvalid\t-\tours\n",
		"ssml/documents/a.ssml":    "<speak>Hello</speak>",
		"ssml/documents/b.ssml":    "<speak>Hello",
	})
	var out strings.Builder
	if err := (programs{}).run(&out, dir, true); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"class good of %", "en cardinal 2 2 100.0", "en all 2 2 100.0", "ssml verdicts 2 2 100.0", "ssml documents 2 2 100.0", "ssml documents accepted 1 2 50.0"} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if !strings.Contains(out.String(), "b.ssml is refused") {
		t.Errorf("the refused document is not named:\n%s", out.String())
	}
}

func TestMissedBarFails(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"en all":        {"textnorm/en/cardinal.tsv": "12\tthirteen\n"},
		"ssml verdicts": {"ssml/verdicts.tsv": "<speak>a</speak>\tinvalid\t-\tours\n"},
	} {
		var out strings.Builder
		if err := (programs{}).run(&out, folder(t, files), false); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBadFolders(t *testing.T) {
	file := filepath.Join(folder(t, map[string]string{"x": ""}), "x")
	for dir, want := range map[string]string{
		"/no/such/folder": "CASES=/no/such/folder: there is no such folder",
		file:              "is not a folder",
		t.TempDir():       "holds neither",
	} {
		if err := (programs{}).run(&strings.Builder{}, dir, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", dir, err, want)
		}
	}
}
