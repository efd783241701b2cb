package licences

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/licensecheck"
)

// allowed are the licences, by their names of SPDX, that a module may have which a
// program of ours links. They ask for no more than to be named; MPL-2.0 asks besides
// for changes to its own files, of which there are none.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unlicense", "Unicode-DFS-2016"}

// read are files that the scanner does not know and a person has read.
var read = map[string]string{
	"modernc.org/libc/LICENSE-3RD-PARTY.md":   "what it was made from: MIT, BSD, ISC and the public domain, each named",
	"modernc.org/sqlite/LICENSE-3RD-PARTY.md": "what it was made from: MIT and BSD, each named",
	"modernc.org/sqlite/LICENSE-SQLITE":       "SQLite's own: the public domain",
	"modernc.org/memory/LICENSE-LOGO":         "of a picture that no program holds",
}

// enough is how much of a licence's text must be known, in per cent.
const enough = 75

// TestLinkedModules reads the licence of every module that is linked into a program,
// with the clients of object stores too. A module without a file, or with another
// licence, fails: it is argued for here, or goes.
func TestLinkedModules(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", "./cmd/...", "./bucket/blob/cmd/...")
	list.Dir = "../.."
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := slices.Compact(slices.Sorted(strings.Lines(string(bytes.TrimSpace(out)))))
	if len(modules) < 20 {
		t.Fatalf("only %d modules are linked: %q", len(modules), modules)
	}
	for _, module := range modules {
		path, dir, _ := strings.Cut(strings.TrimSpace(module), "\t")
		if path == "" {
			continue
		}
		if dir == "" {
			t.Errorf("%s is not in the module cache: run `go mod download`", path)
			continue
		}
		for _, problem := range problems(path, dir) {
			t.Errorf("%s: %s", path, problem)
		}
	}
}

// problems are what is wrong with the licences of a module in a folder.
func problems(path, dir string) (found []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return []string{err.Error()}
	}
	files := 0
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "UNLICENSE") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return []string{err.Error()}
		}
		files++
		if _, known := read[path+"/"+e.Name()]; known {
			continue
		}
		cover := licensecheck.Scan(text)
		if cover.Percent < enough {
			found = append(found, e.Name()+" is no licence that is known")
		}
		for _, m := range cover.Match {
			if !slices.Contains(allowed, m.ID) && !m.IsURL {
				found = append(found, e.Name()+" is "+m.ID)
			}
		}
	}
	if files == 0 {
		found = append(found, "there is no file with a licence")
	}
	return found
}

// TestWhatIsNotAllowed: a licence that is not on the list is seen, and so is none.
func TestWhatIsNotAllowed(t *testing.T) {
	dir := t.TempDir()
	if got := problems("m", dir); len(got) != 1 {
		t.Errorf("no licence: %q", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "COPYING"), []byte("All rights are kept. Ask first, and pay."), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := problems("m", dir); len(got) != 1 || !strings.Contains(got[0], "no licence that is known") {
		t.Errorf("words: %q", got)
	}
}
