package textnorm_test

import (
	"testing"

	"github.com/lectern/lectern/textnorm"
)

func TestOtherLanguagesPassThrough(t *testing.T) {
	for _, tag := range []string{"", "ja-JP", "zh", "x-klingon"} {
		s := textnorm.ForLanguage(tag).Sentence("  Řeka\n č.\u00AD 5, 日本 50 % &amp;\x00 ", nil)
		if want := "Řeka č. 5, 日本 50 % &"; s.Text != want {
			t.Errorf("%q: %q, want %q", tag, s.Text, want)
		}
		if got := len(s.Words); got != 5 {
			t.Errorf("%q: %d words", tag, got)
		}
	}
}

func TestFixedPiecesAreSaidAsTheySay(t *testing.T) {
	const text = "Dr. Smith has 5 W3C\u00AD badges."
	s := textnorm.ForLanguage("en-US").Sentence(text, []textnorm.Fixed{
		{Span: textnorm.Span{Start: 16, End: 19}, Spoken: "World Wide Web Consortium"},
		{Span: textnorm.Span{Start: 17, End: 18}, Spoken: "overlapping"},
		{Span: textnorm.Span{Start: 28, End: 28}, Spoken: "indeed"},
	})
	if want := "Doctor Smith has five World Wide Web Consortium badges indeed."; s.Text != want {
		t.Errorf("%q, want %q", s.Text, want)
	}
	for i, want := range []string{"Dr.", "Smith", "has", "5", "W3C", "W3C", "W3C", "W3C", "badges", ""} {
		if got := s.Words[i].Source.Of(text); got != want {
			t.Errorf("word %d comes from %q, want %q", i, got, want)
		}
	}
}
