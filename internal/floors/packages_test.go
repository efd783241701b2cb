package floors_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/packages.md")

// TestPackagesPage holds docs/packages.md to the packages' own comments.
func TestPackagesPage(t *testing.T) {
	const file = "../../docs/packages.md"
	want := packagesPage(load(t))
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != want {
		t.Errorf("docs/packages.md is not what the packages say: go test ./internal/floors -run TestPackagesPage -update (%v)", err)
	}
}

// packagesPage has a row for each package: its floor, and the first sentence of its
// comment.
func packagesPage(all []goPackage) string {
	all = slices.DeleteFunc(slices.Clone(all), func(p goPackage) bool { return p.Doc == "" })
	name := func(p goPackage) string { name, _ := nameOf(p.ImportPath); return name }
	slices.SortFunc(all, func(a, b goPackage) int {
		return cmp.Or(cmp.Compare(floorOf[name(a)], floorOf[name(b)]), cmp.Compare(name(a), name(b)))
	})
	var page strings.Builder
	page.WriteString("# The packages\n\nEach as its own comment begins, by floors (ARCHITECTURE.md); written by a test of `internal/floors`.\n\n| floor | package | |\n|---|---|---|\n")
	for _, p := range all {
		shown := name(p)
		if shown == "." {
			shown = p.Name
		}
		text := p.Doc
		for _, kind := range []string{"Package ", "Command "} {
			if rest, ok := strings.CutPrefix(text, kind); ok {
				_, text, _ = strings.Cut(rest, " ")
			}
		}
		fmt.Fprintf(&page, "| %d | `%s` | %s |\n", floorOf[name(p)], shown, strings.ReplaceAll(text, "|", `\|`))
	}
	return page.String()
}
