package ssml

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs/ssml.md lists every element and attribute, no others, and names tests
// that exist.
func TestTableOfDocumentation(t *testing.T) {
	page, err := os.ReadFile("../docs/ssml.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 5 || !strings.Contains(cells[0], "`") {
			continue
		}
		for i := range cells {
			cells[i] = strings.Trim(cells[i], " `")
		}
		name := strings.TrimSpace(cells[0] + " " + cells[1])
		if listed[name] {
			t.Errorf("%q is listed twice", name)
		}
		listed[name] = true
		if cells[2] != "yes" && cells[2] != "partly" {
			t.Errorf("%q is supported %q, want yes or partly", name, cells[2])
		}
		if !testExists(t, cells[4]) {
			t.Errorf("%q names the test %q, which does not exist", name, cells[4])
		}
	}
	for name, rule := range elements {
		all := []string{name}
		for _, a := range rule.attributes {
			all = append(all, name+" "+a.name)
		}
		for _, name := range all {
			if !listed[name] {
				t.Errorf("%q is not in docs/ssml.md", name)
			}
			delete(listed, name)
		}
	}
	for name := range listed {
		t.Errorf("%q is in docs/ssml.md, but no such thing is accepted", name)
	}
}

// testExists looks for "package: TestName".
func testExists(t *testing.T, reference string) bool {
	t.Helper()
	dir, name, _ := strings.Cut(reference, ": ")
	paths, err := filepath.Glob(filepath.Join("..", dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^func ` + regexp.QuoteMeta(name) + `\(t \*testing\.T\)`)
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if declared.Match(source) {
			return true
		}
	}
	return false
}

// Every element has a document of its own among testdata/documents, with all of
// its attributes.
func TestEveryElementHasADocument(t *testing.T) {
	for name, rule := range elements {
		text, err := os.ReadFile("testdata/documents/element-" + strings.ReplaceAll(name, ":", "-") + ".ssml")
		if err != nil {
			t.Error(err)
			continue
		}
		d, err := Parse(string(text), Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		written := map[string]bool{}
		noteAttributes(d.Root, name, written)
		for _, a := range rule.attributes {
			if !written[a.name] {
				t.Errorf("the document of %s has it nowhere with %q", name, a.name)
			}
		}
	}
}

// noteAttributes notes with which attributes the elements name stand in e.
func noteAttributes(e *Element, name string, written map[string]bool) {
	for _, a := range e.Attributes {
		if e.Name == name {
			written[a.Name] = true
		}
	}
	for _, child := range e.Children {
		if inner, ok := child.(*Element); ok {
			noteAttributes(inner, name, written)
		}
	}
}

// The tables of values hold just what the forms accept.
func TestTablesOfValues(t *testing.T) {
	for _, c := range []struct {
		element, attribute string
		known              func(value string) bool
	}{
		{"break", "strength", func(v string) bool { _, ok := strengths[v]; return ok }},
		{"emphasis", "level", func(v string) bool { _, ok := emphases[v]; return ok }},
		{"google:style", "name", func(v string) bool { _, ok := expressions[v]; return ok }},
		{"say-as", "interpret-as", func(v string) bool { return interpretations[v] != "" }},
	} {
		want := elements[c.element].attribute(c.attribute).form("?")
		for value := range strings.SplitSeq(strings.TrimPrefix(want, "one of "), ", ") {
			if !c.known(value) {
				t.Errorf("%s %s=%q is accepted but not known", c.element, c.attribute, value)
			}
		}
	}
}
