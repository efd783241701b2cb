package textnorm_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/cases"
	"github.com/lectern/lectern/textnorm"
)

// testCases holds a language to testdata/cases: the share of all, in percent,
// that must be right, and of every class of ten or more.
func testCases(t *testing.T, tag string, all, class float64) {
	language, _, _ := strings.Cut(tag, "-")
	n := textnorm.ForLanguage(tag)
	scores, err := cases.Of(filepath.Join("testdata", "cases", language), language, func(written string) string {
		return n.Sentence(written, nil).Text
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scores {
		for _, m := range s.Misses {
			t.Logf("%s: %q is read as %q, want %q", s.Class, m.Written, m.Got, m.Want)
		}
		if s.Of >= 10 && s.Percent() < class {
			t.Errorf("%s: %d of %d are right, want %.0f %%", s.Class, s.Good, s.Of, class)
		}
	}
	total := cases.Total(scores)
	t.Logf("%d of %d cases are right, %.1f %%; of the seen half %.1f %%, of the blind half %.1f %%",
		total.Good, total.Of, total.Percent(), total.Seen().Percent(), total.Blind.Percent())
	if total.Percent() < all {
		t.Errorf("%.1f %% of the cases are right, want %.1f %%", total.Percent(), all)
	}
}

func TestEnglishCases(t *testing.T) { testCases(t, "en-US", 95, 85) }
