package textnorm_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/textnorm"
)

// In each text a bar stands where it is settled up to.
func TestSettled(t *testing.T) {
	for _, c := range []string{
		"Hello.",
		"Hello. ",
		"Hello. How",
		"Hello. |How are",
		"Hello! |How are",
		"Hello! |“How are",
		"Hello. how are",
		"I met Dr. Smith today",
		"One.\n\n|Two,",
		"It is 3. 14",
		"It is 3. 14 is less.",
		"It is 3. |14 Is less.",
		"One. Two. |Three four",
		"A line\n\n" + strings.Repeat("-", 70) + "\n\nAnother one. Yes, it is",
	} {
		want := max(strings.IndexByte(c, '|'), 0)
		text := strings.Replace(c, "|", "", 1)
		if got := textnorm.Settled(text); got != want {
			t.Errorf("%q is settled up to %q, want %q", text, text[:got], text[:want])
		}
	}
}

func TestComplete(t *testing.T) {
	for text, want := range map[string]bool{
		"Hello there.": true, "Hello there. ": true, "He said “stop it.”": true, "Really?": true, "Go!": true, "今日は。": true,
		"": false, "Hello there": false, "Hello,": false, "I met Dr.": false, "It is 3.": false, "In the U.S.": false,
		"At 5 p.m.": false, "Wait...": false, "Well…": false, "Hello.": false, "See www.example.": false, "J.": false,
	} {
		if got := textnorm.Complete(text); got != want {
			t.Errorf("Complete(%q) = %v", text, got)
		}
	}
}

// What is settled of the beginning of a text are sentences of all of it, and the
// rest is split as it is behind them.
func TestWhatIsSettledStays(t *testing.T) {
	words := rapid.SampledFrom([]string{"a", "The", "the", "Mr.", "e.g.", "U.S.", "5", "1.", "end.", "why?", "no!", "”", "(", ")", ",", ";", ".", "...", "J.", "Jan.", "IV.",
		" ", " ", "  ", "\n", "\n\n", "\r\n", "\u2028", "\u2029", "\u0085", "é", "日本", "。", "\u0301", "))))))))))))))))))))))))))))))", "twenty-two long words, or some more of them"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(words, 0, 150).Draw(t, "words"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		at := rapid.IntRange(0, len(text)).Draw(t, "cut")
		for at < len(text) && !utf8.RuneStart(text[at]) {
			at++
		}
		settled := textnorm.Settled(text[:at])
		var ends, whole []int
		for s := range textnorm.Sentences(text[:at], 0) {
			if s.End <= settled {
				ends = append(ends, s.End)
			}
		}
		from := 0 // where the last sentence that is settled whole ends
		for s := range textnorm.Sentences(text, 0) {
			whole = append(whole, s.End)
			if s.End <= settled && !s.Continues {
				from = s.End
			}
		}
		if len(ends) > len(whole) || !slices.Equal(ends, whole[:len(ends)]) {
			t.Fatalf("%q has sentences that end at %v, all of %q at %v", text[:settled], ends, text, whole)
		}
		var rest []int
		for s := range textnorm.Sentences(text[from:], 0) {
			rest = append(rest, from+s.End)
		}
		if from < len(text) && !slices.Equal(rest, whole[len(whole)-len(rest):]) {
			t.Fatalf("%q is split at %v, and at %v as the rest of %q", text[from:], rest, whole, text)
		}
	})
}
