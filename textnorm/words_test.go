package textnorm_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lectern/lectern/textnorm"
)

var update = flag.Bool("update", false, "write docs/words.md")

// TestWords runs the examples of docs/words.md, and holds the page to them.
// testdata/words.tsv has its headings, lines that begin with ">" for what is
// said about them, and rows of a language, what is written and what is spoken.
func TestWords(t *testing.T) {
	text, err := os.ReadFile("testdata/words.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	inTable := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		fields := strings.Split(line, "\t")
		if len(fields) == 3 && !strings.HasPrefix(line, "#") {
			if !inTable {
				page.WriteString("\n| | written | spoken |\n|---|---|---|\n")
			}
			inTable = true
			written := strings.NewReplacer(`\u00AD`, "\u00AD", `\u0308`, "\u0308").Replace(fields[1])
			if got := textnorm.ForLanguage(fields[0]).Sentence(written, nil).Text; got != fields[2] {
				t.Errorf("%s: %q\nis  %q\nnot %q", fields[0], written, got, fields[2])
			}
			fmt.Fprintf(&page, "| %s | `%s` | %s |\n", fields[0], strings.ReplaceAll(fields[1], "|", `\|`), strings.ReplaceAll(fields[2], "|", `\|`))
			continue
		}
		inTable = false
		switch said, isSaid := strings.CutPrefix(line, "> "); {
		case isSaid:
			page.WriteString("\n" + said + "\n")
		case strings.HasPrefix(line, "# "):
			page.WriteString(line + "\n")
		case strings.HasPrefix(line, "## "):
			page.WriteString("\n" + line + "\n")
		default:
			t.Errorf("words.tsv: %q is neither a heading, a remark nor an example", line)
		}
	}
	const file = "../docs/words.md"
	if *update {
		if err := os.WriteFile(file, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if written, err := os.ReadFile(file); err != nil || string(written) != page.String() {
		t.Errorf("docs/words.md is not written from words.tsv: go test ./textnorm -run TestWords -update (%v)", err)
	}
}
