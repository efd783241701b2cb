package neural

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/speech"
)

// limits are those of a model that has not been made.
type limits struct {
	most    int
	whole   bool
	unknown string
}

func (l limits) MaxPhonemes() int  { return l.most }
func (l limits) Whole() bool       { return l.whole }
func (l limits) Knows(r rune) bool { return !strings.ContainsRune(l.unknown, r) }

// read makes words of a text whose letters are its phonemes: signs stand alone.
func read(text string) []Word {
	var words []Word
	at := 0
	for _, field := range strings.SplitAfter(text, " ") {
		bare := strings.TrimSuffix(field, " ")
		space := bare != field
		cut := len(strings.TrimRight(bare, pauses))
		if cut > 0 {
			words = append(words, Word{Token: speech.Token{Start: at, End: at + cut}, Phonemes: bare[:cut], Space: space && cut == len(bare)})
		}
		if cut < len(bare) {
			words = append(words, Word{Token: speech.Token{Start: at + cut, End: at + len(bare)}, Phonemes: bare[cut:], Space: space})
		}
		at += len(field)
	}
	return words
}

func texts(pieces []piece) []string {
	var all []string
	for _, p := range pieces {
		all = append(all, string(p.phonemes))
	}
	return all
}

func TestPieces(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		whole bool
		want  string
	}{
		{"one two three", 100, false, "one two three"},
		{"one two, three four", 12, false, "one two,|three four"},
		{"aaaa bbbb cccc dddd", 10, false, "aaaa bbbb|cccc dddd"},
		{"a, bbbb cccc dddd", 12, false, "a, bbbb cccc|dddd"}, // a pause too early is none
		{"Hello there. Go on.", 16, false, "Hello there.|Go on."},
		{"abcdefghij", 4, false, "abcd|efgh|ij"},
		{"", 10, false, ""},
		{"a b c", 1, false, "a|b|c"},
		{"one two three, four five six, seven", 100, false, "one two three, four five six, seven"},
		{"one two three, four five six, seven", 100, true, "one two three,|four five six, seven"},
		{"well, one two three, four", 100, true, "well, one two three,|four"},
		{"one two three.", 100, true, "one two three."},
	} {
		if got := strings.Join(texts(piecesOf(read(c.text), limits{c.limit, c.whole, ""})), "|"); got != c.want {
			t.Errorf("%q in pieces of %d is %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

// Nothing is lost, doubled or out of order, no piece is too long, and every word
// that is heard lies where its phonemes are.
func TestPiecesLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 40).Draw(t, "limit")
		text := strings.Join(rapid.SliceOfN(rapid.StringMatching(`[a-z]{0,12}[,.;!x]{0,2}`), 0, 40).Draw(t, "text"), " ")
		whole := rapid.Bool().Draw(t, "whole")
		pieces := piecesOf(read(text), limits{limit, whole, "x"})

		bare := func(s string) string { return strings.NewReplacer(" ", "", "x", "").Replace(s) }
		if got := bare(strings.Join(texts(pieces), "")); got != bare(text) {
			t.Fatalf("%q is spoken as %q", bare(text), got)
		}
		last := -1
		for _, p := range pieces {
			if len(p.phonemes) == 0 || len(p.phonemes) > limit {
				t.Fatalf("a piece of %d phonemes, %d at most", len(p.phonemes), limit)
			}
			for _, w := range p.words {
				if w.token.Start <= last || w.from < 0 || w.to > len(p.phonemes) || w.from >= w.to {
					t.Fatalf("the word at %d lies at %d to %d of %q", w.token.Start, w.from, w.to, string(p.phonemes))
				}
				last = w.token.Start
				want := strings.Trim(strings.ReplaceAll(text[w.token.Start:w.token.End], "x", ""), pauses)
				if got := string(p.phonemes[w.from:w.to]); !strings.HasPrefix(want, got) || got != want && len(want) <= limit {
					t.Fatalf("the word %q lies on %q", want, got)
				}
			}
		}
	})
}
