package textnorm_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/textnorm"
)

// sharedTestdata is where the test data are that are too large, or under other
// licenses, for this repository: beside it, or where LECTERN_TESTDATA says.
func sharedTestdata(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("LECTERN_TESTDATA")
	if dir == "" {
		dir = "../../shared/testdata"
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		needs.Missing(t, "there is no %s (LECTERN_TESTDATA may say where)", path)
	}
	return path
}

// testCases holds a language to the cases of others: the share of all that must
// be right, and of every class of ten or more.
func testCases(t *testing.T, tag string, all, class float64) {
	language, _, _ := strings.Cut(tag, "-")
	files, err := filepath.Glob(filepath.Join(sharedTestdata(t, filepath.Join("textnorm", language)), "*.tsv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases were found: %v", err)
	}
	n := textnorm.ForLanguage(tag)
	right, total := 0, 0
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".tsv")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		classRight, classTotal := 0, 0
		for line := range strings.Lines(string(text)) {
			fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			got := n.Sentence(fields[0], nil).Text
			classTotal++
			if slices.ContainsFunc(fields[1:], func(want string) bool { return fold(got, language) == fold(want, language) }) {
				classRight++
				continue
			}
			t.Logf("%s: %q is read as %q, they read %q", name, fields[0], got, fields[1:])
		}
		if share := float64(classRight) / float64(classTotal); classTotal >= 10 && share < class {
			t.Errorf("%s: %d of %d are right, want %.0f %%", name, classRight, classTotal, 100*class)
		}
		right += classRight
		total += classTotal
	}
	share := float64(right) / float64(total)
	t.Logf("%d of %d cases are right, %.1f %%", right, total, 100*share)
	if share < all {
		t.Errorf("%.1f %% of the cases are right, want %.1f %%", 100*share, 100*all)
	}
}

func TestEnglishCases(t *testing.T) { testCases(t, "en-US", 0.95, 0.85) }

const mustBeWords = "&%#@*$£€¥₩+=§°"

var and = regexp.MustCompile(`\band\b`)

// fold makes two readings equal that differ in nothing that is scored.
func fold(text, language string) string {
	text = strings.ToLower(norm.NFC.String(text))
	text = strings.NewReplacer("’", "'", "‘", "'", ".", "").Replace(text)
	runes := []rune(text)
	spoken := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	var b strings.Builder
	for i, c := range runes {
		switch {
		case unicode.IsLetter(c), unicode.IsMark(c), unicode.IsDigit(c), strings.ContainsRune(mustBeWords, c),
			c == '\'' && spoken(i-1) && spoken(i+1):
			b.WriteRune(c)
		default:
			b.WriteByte(' ')
		}
	}
	text = b.String()
	if language == "en" {
		text = and.ReplaceAllString(text, " ")
	}
	return strings.Join(strings.Fields(text), " ")
}
