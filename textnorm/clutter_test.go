package textnorm_test

import (
	"strings"
	"testing"

	"github.com/lectern/lectern/textnorm"
)

// What repeats for long is read as it is when it stands there a few times, piece
// by piece.
func TestClutterIsReadPieceByPiece(t *testing.T) {
	for _, c := range []struct{ tag, written, spoken string }{
		{"en-US", "1,", "one, "},
		{"en-US", "(1)", "(one)"},
		{"en-US", "1+", "one plus "},
		{"en-US", "1/", "one slash "},
		{"en-US", "1.", "one dot "},
		{"en-US", "1%", "one percent "},
		{"en-US", "§1", "section one "},
		{"en-US", "12.5,", "twelve point five, "},
		{"en-US", "1,000;", "one thousand; "},
		{"en-US", "007;", "zero zero seven; "},
		{"en-US", "1985,", "nineteen eighty five, "},
		{"en-US", "1½", "one and a half "},
		{"en-US", "1\u0301,", "one, "},
		{"en-US", ".,", ".,"},
		{"en-US", "I.", "I."},
		{"en-US", "a\u0301-", "á-"},
		{"de", "1,5;", "eins Komma fünf; "},
		{"de", "1.000;", "ein tausend; "},
		{"fr", "21+", "vingt et un plus "},
		{"cs", "1;", "jeden; "},
		{"ja", "1,", "1,"},
	} {
		const times = 200
		want := strings.TrimSpace(strings.Repeat(c.spoken, times))
		text := strings.Repeat(c.written, times)
		got := textnorm.ForLanguage(c.tag).Sentence(text, nil)
		checkSpoken(t, text, got)
		if !strings.EqualFold(middleOf(got.Text), middleOf(want)) {
			t.Errorf("%s: %q many times is read as …%q…, want …%q…", c.tag, c.written, middleOf(got.Text), middleOf(want))
		}
	}
}

// middleOf is a text from its tenth word or letter on, since the first of a clutter
// are read by rules.
func middleOf(text string) string { return text[len(text)/2 : len(text)/2+40] }

// What people write long without white space keeps its meaning.
func TestLongIsNotClutter(t *testing.T) {
	n := textnorm.ForLanguage("en-US")
	for _, c := range []struct{ written, in string }{
		{"12:30;12:45;13:00;13:15;13:30;13:45;14:00;14:15", "fourteen fifteen"},
		{"https://example.com/" + strings.Repeat("a1/", 80), "example dot com slash"},
		{"2023-05-06," + strings.Repeat("2023-05-07,", 9), "May seventh"},
		{"|" + strings.Repeat("*so*|", 20), "so"},
	} {
		if got := n.Sentence(c.written, nil).Text; !strings.Contains(got, c.in) {
			t.Errorf("%q is read as %q, which has no %q", c.written, got, c.in)
		}
	}
}
