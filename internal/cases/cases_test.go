package cases_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/cases"
)

func TestOf(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("b.tsv", "1\tone\n2\tdeux\ttwo\n3\tdrei\n")
	write("a.tsv", "x\tX.\n")
	say := func(written string) string {
		return map[string]string{"1": "One", "2": "two", "3": "three", "x": "x"}[written]
	}
	scores, err := cases.Of(folder, "en", say)
	if err != nil || len(scores) != 2 || scores[0].Class != "a" || scores[1].Good != 2 || scores[1].Of != 3 {
		t.Fatalf("%+v, %v", scores, err)
	}
	if m := scores[1].Misses; len(m) != 1 || m[0].Written != "3" || m[0].Got != "three" {
		t.Errorf("%+v", m)
	}
	if total := cases.Total(scores); total.Good != 3 || total.Of != 4 || total.Percent() != 75 {
		t.Errorf("%+v", total)
	}
	if seen, blind := scores[1].Seen(), scores[1].Blind; seen != (cases.Tally{Good: 0, Of: 1}) || blind != (cases.Tally{Good: 2, Of: 2}) {
		t.Errorf("seen %+v, blind %+v", seen, blind)
	}
	write("c.tsv", "4\n")
	if _, err := cases.Of(folder, "en", say); err == nil || !strings.Contains(err.Error(), "no reading") {
		t.Error(err)
	}
	if _, err := cases.Of(t.TempDir(), "en", say); err == nil {
		t.Error("an empty folder has a score")
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"One hundred and two.", "one hundred two", true},
		{"U.S.A.", "usa", true},
		{"it’s", "it's", true},
		{"'quoted'", "quoted", true},
		{"twenty-one", "twenty one", true},
		{"5 %", "5", false},
		{"five", "fife", false},
	} {
		if got := cases.Fold(c.a, "en") == cases.Fold(c.b, "en"); got != c.same {
			t.Errorf("%q and %q: same is %v", c.a, c.b, got)
		}
	}
	if cases.Fold("Sand and", "de") == cases.Fold("Sand", "de") {
		t.Error("and is left out in German")
	}
}
