package floors_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// house is the top of the repository; tests of this package read its files.
var house = os.DirFS("../..")

// sources gives visit each file of the repository whose name ends in one of the
// suffixes, by its path. What was installed or built (.venv, bin) is not ours.
func sources(t *testing.T, visit func(name, text string), suffixes ...string) {
	t.Helper()
	err := fs.WalkDir(house, ".", func(name string, d fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case d.IsDir() && (base == "bin" || strings.HasPrefix(base, ".") && base != "."):
			return fs.SkipDir
		case d.IsDir() || !endsInOne(name, suffixes):
			return nil
		}
		text, err := fs.ReadFile(house, name)
		if err == nil {
			visit(name, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func endsInOne(name string, suffixes []string) bool {
	for _, suffix := range suffixes {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(house, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	contractSection = regexp.MustCompile(`(?m)^#{2,3} <a id="([\d.]+)"></a>([\d.]+) \S`)
	// A citation: the page and one or more sections, "docs/contract.md 1.3, 6.2".
	// In test data there is no room for the page's name.
	contractCited = regexp.MustCompile(`(?:docs/contract\.md|\tcontract) (\d[\d.]*\d|\d)((?:, \d[\d.]*\d|, \d)*)`)
	// What cites it in another way leads a reader nowhere.
	contractUnnamed = regexp.MustCompile(`(?i)\bcontract,?\s+(?://\s*)?(?:sections?\s+(?://\s*)?)?\d`)
)

// TestCitedSectionsExist holds that whoever cites the contract cites a section
// that it has.
func TestCitedSectionsExist(t *testing.T) {
	sections := map[string]bool{}
	for _, m := range contractSection.FindAllStringSubmatch(page(t, "docs/contract.md"), -1) {
		if m[1] != m[2] || sections[m[1]] {
			t.Errorf("docs/contract.md: section %s has the anchor %s, or stands twice", m[2], m[1])
		}
		sections[m[1]] = true
	}
	cited := 0
	sources(t, func(name, text string) {
		for _, m := range contractCited.FindAllStringSubmatch(text, -1) {
			for _, section := range append([]string{m[1]}, strings.Split(m[2], ", ")[1:]...) {
				cited++
				if !sections[section] {
					t.Errorf("%s cites docs/contract.md %s, and there is no such section", name, section)
				}
			}
		}
		if m := contractUnnamed.FindString(text); m != "" && strings.HasSuffix(name, ".go") {
			t.Errorf("%s cites %q: write docs/contract.md and the section's number", name, m)
		}
	}, ".go", ".tsv", "docs/decisions/sound.md", "docs/decisions/words.md", "docs/decisions/operations.md")
	if cited < 30 {
		t.Errorf("only %d citations were found: does the pattern still fit?", cited)
	}
}

var (
	linkTo      = regexp.MustCompile(`\[([a-z0-9]+)\]`)
	linkDefined = regexp.MustCompile(`(?m)^\[([a-z0-9]+)\]: https://\S+$`)
)

// TestContractHasSources holds that each statement of docs/contract.md says where
// it comes from: a page, or that it was observed or inferred, or that it is what
// Lectern does.
func TestContractHasSources(t *testing.T) {
	text := page(t, "docs/contract.md")
	defined, used := map[string]bool{}, map[string]bool{}
	for _, m := range linkDefined.FindAllStringSubmatch(text, -1) {
		defined[m[1]] = true
	}
	body, _, _ := strings.Cut(text, "\n[proto]: ")
	for _, m := range linkTo.FindAllStringSubmatch(body, -1) {
		if used[m[1]] = true; !defined[m[1]] && m[1] != "pause" {
			t.Errorf("[%s] is defined nowhere", m[1])
		}
	}
	for tag := range defined {
		if !used[tag] {
			t.Errorf("nothing cites [%s]", tag)
		}
	}
	for _, statement := range statements(body) {
		sourced := strings.Contains(statement, "*observed*") || strings.Contains(statement, "*inferred*") || strings.HasPrefix(statement, "* Here ")
		for _, m := range linkTo.FindAllStringSubmatch(statement, -1) {
			sourced = sourced || defined[m[1]]
		}
		if !sourced {
			t.Errorf("no source: %s", statement)
		}
	}
}

// statements are the items and the rows of a page, each on a line of its own.
func statements(page string) []string {
	var all []string
	head := false // of a table, which states nothing
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "* "):
			all = append(all, line)
		case strings.HasPrefix(line, "  ") && len(all) > 0:
			all[len(all)-1] += " " + strings.TrimSpace(line)
		case strings.HasPrefix(line, "| "):
			if head {
				all = append(all, line)
			}
		case strings.HasPrefix(line, "|--"):
			head = true
		default:
			head = false
		}
	}
	return all
}
