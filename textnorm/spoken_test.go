package textnorm_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/textnorm"
)

// checkSpoken holds what is spoken of text to what is promised of it: it is
// clean, its words lie in it and have their source in text, in order, and no
// character of text is lost: each is in the source of a word, is dropped, or is
// white space or punctuation.
func checkSpoken(t rapid.TB, text string, s textnorm.Spoken) {
	t.Helper()
	if !utf8.ValidString(s.Text) || s.Text != strings.Join(strings.Fields(s.Text), " ") || textnorm.Clean(s.Text).Text != s.Text {
		t.Fatalf("%q is spoken as %q, which is not clean", text, s.Text)
	}
	covered := make([]bool, len(text))
	cover := func(what string, span textnorm.Span) {
		if span.Start < 0 || span.End < span.Start || span.End > len(text) {
			t.Fatalf("%q: %s %v is outside", text, what, span)
		}
		for i := span.Start; i < span.End; i++ {
			covered[i] = true
		}
	}
	last := textnorm.Word{}
	for _, w := range s.Words {
		if w.Start < last.End || w.End <= w.Start || w.End > len(s.Text) || strings.Contains(w.Of(s.Text), " ") {
			t.Fatalf("%q is spoken as %q, of which %v is no word behind %v", text, s.Text, w, last)
		}
		if w.Source.Start < last.Source.Start {
			t.Fatalf("%q: the source of %v is before that of %v", text, w, last)
		}
		for i := last.End; i < w.Start; i++ {
			if c := s.Text[i]; c >= '0' && c <= '9' || c >= 'a' && c <= 'z' {
				t.Fatalf("%q is spoken as %q, of which byte %d is in no word", text, s.Text, i)
			}
		}
		cover("a source", w.Source)
		last = w
	}
	end := 0
	for _, d := range s.Dropped {
		if d.Start < end || d.End <= d.Start {
			t.Fatalf("%q: %v is dropped behind %d", text, d, end)
		}
		end = d.End
		cover("what is dropped", d)
	}
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		if !covered[i] && !unicode.IsSpace(c) && !unicode.IsPunct(c) && !(c < utf8.RuneSelf && strings.ContainsRune("=+~<>|`^$", c)) {
			t.Fatalf("%q is spoken as %q, the character %q at %d is lost; words %v, dropped %v", text, s.Text, c, i, s.Words, s.Dropped)
		}
		i += size
	}
	from := 0
	for i := 0; i <= len(s.Text); i++ {
		at := s.Source(i)
		if len(s.Words) > 0 && (at < from || at > len(text)) {
			t.Fatalf("%q: byte %d of %q comes from %d, the one before from %d of %d", text, i, s.Text, at, from, len(text))
		}
		from = at
	}
}

var sentencePieces = rapid.SampledFrom(append(strings.Split(`Dr. Smith|1|12|2024|007|1,000|3.5|.|,|-|–|/|:|$|€|%|°C|kg|km/h|m²|½|am|p.m.|EST|July|25th|25|Jan.|'80s|II|Chapter|
		www.|.com|a@b.com|https://|(|)|"|’s|'|+|+1|#|*|=|&|@|_|\|~|😀|👩‍👩‍👧|🇩🇪|❤️|é|日本|٣|①|™|U.S.A.|NASA|DNA|st|St.|No.|1/2|2Q22|B2B|x|the|cat|of`, "|"),
	" ", " ", " ", "  ", "\n", "\x00", "\u00AD", "\xff", "\u0301", "\uFE0F", "\u200D"))

func TestNothingIsLost(t *testing.T) {
	tags := rapid.SampledFrom([]string{"en-US", "en-GB", "en-IN", "de", "es", "fr", "cs", "it", "pt-BR", "pl", "ru", "vi", "ja"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(sentencePieces, 0, 30).Draw(t, "pieces"), "")
		n := textnorm.ForLanguage(tags.Draw(t, "tag"))
		checkSpoken(t, text, n.Sentence(text, nil))
		var fixed []textnorm.Fixed
		if len(text) > 0 {
			a := rapid.IntRange(0, len(text)).Draw(t, "start")
			b := rapid.IntRange(a, len(text)).Draw(t, "end")
			for a > 0 && a < len(text) && !utf8.RuneStart(text[a]) {
				a--
			}
			for b < len(text) && !utf8.RuneStart(text[b]) {
				b++
			}
			fixed = append(fixed, textnorm.Fixed{Span: textnorm.Span{Start: a, End: b}, Spoken: "said so"})
		}
		s := n.Sentence(text, fixed)
		checkSpoken(t, text, s)
		if len(fixed) > 0 && !strings.Contains(" "+s.Text+" ", "said so") {
			t.Fatalf("%q is spoken as %q", text, s.Text)
		}
	})
}

// A fixed piece may end, or begin, between a letter and its accent.
func TestFixedPieceAtAnAccent(t *testing.T) {
	for _, c := range []struct {
		text       string
		start, end int
	}{{"July\u0301 5", 1, 4}, {"am\u0301", 2, 2}, {"am\u0301 so", 1, 2}, {"e\u0301a", 1, 4}} {
		s := textnorm.ForLanguage("en-US").Sentence(c.text, []textnorm.Fixed{{Span: textnorm.Span{Start: c.start, End: c.end}, Spoken: "said so"}})
		checkSpoken(t, c.text, s)
		if !strings.Contains(s.Text, "said so") {
			t.Errorf("%q is spoken as %q", c.text, s.Text)
		}
	}
}

func FuzzSentence(f *testing.F) {
	f.Add("Dr. Smith paid $3.50 on 11/17/05 at 5 p.m. (EST), +1 (650) 555-0100, a.b@c.com 😀 ½ ①")
	f.Add("5-3-Ws 1/f 2Q22 12kg/kg ²³ '80s 401(k) 1,2,3 1.2.3.4 1961–1965 \x00\xff\u00AD =====")
	f.Fuzz(func(t *testing.T, text string) {
		for _, tag := range []string{"en-US", "en-IN", "de", "es", "fr", "cs", "it", "pt", "ru", "vi", "ja"} {
			n := textnorm.ForLanguage(tag)
			checkSpoken(t, text, n.Sentence(text, nil))
			for _, as := range []string{"cardinal", "ordinal", "characters", "fraction", "unit", "currency", "telephone", "date", "time", "duration"} {
				for _, format := range []string{"", "dmy", "hms24", "h:m"} {
					if s, ok := n.SayAs(text, textnorm.SayAs{InterpretAs: as, Format: format}); ok {
						for _, w := range s.Words {
							if w.Source.Start < 0 || w.Source.End > len(text) || w.Source.End < w.Source.Start || w.End > len(s.Text) {
								t.Fatalf("%s %q: %v", as, text, w)
							}
						}
					}
				}
			}
		}
	})
}

func BenchmarkSentence(b *testing.B) {
	prose, err := os.ReadFile("testdata/prose.txt")
	if err != nil {
		b.Fatal(err)
	}
	book := strings.Repeat(string(prose), 100)
	var sentences []string
	for s := range textnorm.Sentences(book, 0) {
		sentences = append(sentences, s.Of(book))
	}
	for _, tag := range []string{"en-US", "cs", "ja"} {
		b.Run(tag, func(b *testing.B) {
			n := textnorm.ForLanguage(tag)
			b.SetBytes(int64(len(book)))
			b.ReportAllocs()
			for b.Loop() {
				for _, s := range sentences {
					n.Sentence(s, nil)
				}
			}
		})
	}
}

// BenchmarkBadInput gives the time per byte of a megabyte that no language has, as
// a multiple of what prose takes in the same run; and of a byte that is spoken,
// since a digit is said with five.
func BenchmarkBadInput(b *testing.B) {
	prose, err := os.ReadFile("testdata/prose.txt")
	if err != nil {
		b.Fatal(err)
	}
	n := textnorm.ForLanguage("en-US")
	read := func(text string) (perByte float64, spoken int) {
		least := time.Duration(math.MaxInt64)
		for range 5 {
			start := time.Now()
			spoken = 0
			for s := range textnorm.Sentences(text, 0) {
				spoken += len(n.Sentence(s.Of(text), nil).Text)
			}
			least = min(least, time.Since(start))
		}
		return float64(least) / float64(len(text)), spoken
	}
	book := strings.Repeat(string(prose)+"\n\n", 100)
	for _, unit := range []string{"a", "1", ".", "(", "[", "V", "\u0301"} {
		b.Run(fmt.Sprintf("%+q", unit), func(b *testing.B) {
			text := strings.Repeat(unit, 1<<20/len(unit))
			for b.Loop() {
				usual, usualSpoken := read(book)
				took, spoken := read(text)
				b.ReportMetric(took/usual, "x-prose/byte")
				b.ReportMetric(took*float64(len(text))/float64(max(spoken, 1))/(usual*float64(len(book))/float64(usualSpoken)), "x-prose/spoken-byte")
			}
		})
	}
}
