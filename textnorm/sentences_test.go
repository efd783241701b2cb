package textnorm_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/textnorm"
)

// split is the sentences of text without the white space behind them.
func split(text string, maxBytes int) []string {
	var all []string
	for s := range textnorm.Sentences(text, maxBytes) {
		all = append(all, strings.TrimSpace(s.Of(text)))
	}
	return all
}

// In each text a bar stands where a sentence must end, and nowhere else.
// A number and its full stop are an ordinal in German where an article or a
// preposition is before them, or a month behind.
func TestSentencesGoOnBehindOrdinals(t *testing.T) {
	for text, want := range map[string]int{
		"Der 2. Weltkrieg begann. Am 5. Tag kam er.": 2,
		"Am 14. Januar 1985. Montag, 14. August.":    2,
		"Er ist 5. Sie ist 6.":                       2,
		"Kapitel 5. Band 2.":                         2,
		"I am 5. He is 6. August came.":              3,
		"Im 19. Jahrhundert z. B. Berlin.":           1,
		"Né en 50 av. J.-C. à Rome.":                 1,
	} {
		got := 0
		for range textnorm.Sentences(text, 0) {
			got++
		}
		if got != want {
			t.Errorf("%q has %d sentences, want %d", text, got, want)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, c := range []string{
		"Hello.",
		"One.|Two!|Three?|Four",
		"Is it?!|Yes...|No",
		"Dr. Smith met Mr. and Mrs. Jones.|They left.",
		"See e.g. Kant, i.e. Immanuel, vs. Hegel.|Done.",
		"J. R. R. Tolkien wrote it.|George W. Bush did not.",
		"She lives in St. Louis.|He lives on Elm St. Monday to Friday.|It was Elm St.|He left.",
		"At 5 p.m. Monday we go.|It was 5 p.m.|He left at 6 a.m. sharp.",
		"The U.S. Army came.|They left the U.S.|We stayed.",
		"See No. 5 and Fig. 3.|No.|He said no.|Then he left.",
		"On Jan. 5 it rained.|The cat sat.|Mary saw Sat. May 5.",
		"Apples, pears, etc. were sold.|We had figs, etc.|Then we left.",
		"He has a Ph.D. from M.I.T. Press.|This is it.",
		"1. First point.|2. Second point.",
		"IV. The Rabbit Sends in a Little Bill.|It was the Rabbit.",
		"It costs 3.50 dollars.|Version 2.0 is out.|Go to example.com now.",
		"“Are you sure?” she asked.|“I am!”|“Good.”|He left.",
		"(He left.)|(She stayed.)",
		"He said “stop.”|She did.",
		"Well... you know.|Wait… What?",
		"First line\nsecond line.|Third\r\nline.",
		"A heading\n\n|A paragraph.\n \t\n|Another\r\n\r\n\r\n|one.",
		"One\u2029|two\u2028three",
		"Mr.\n\n|Smith",
		"\n\n One.\n\n|Two.\n\n",
		"今日は。|元気ですか？|はい！|「そうか。」",
		"यह एक वाक्य है।|यह दूसरा है।",
		"¿Qué tal?|¡Muy bien!|La Sra. García llegó.",
		"Das ist z.B. gut.|Herr Dr. Müller kam.",
		"Steps: 1. mix; 2. bake.|Done.",
	} {
		text := strings.ReplaceAll(c, "|", " ")
		var want []string
		for part := range strings.SplitSeq(c, "|") {
			want = append(want, strings.TrimSpace(part))
		}
		if got := split(text, 0); !slices.Equal(got, want) {
			t.Errorf("%q\nis split into %q\nwant %q", text, got, want)
		}
	}
}

func TestParagraphEnds(t *testing.T) {
	const text = "One. Two.\nThree.\n\nFour."
	var ends []bool
	for s := range textnorm.Sentences(text, 0) {
		ends = append(ends, s.EndsParagraph)
	}
	if want := []bool{false, false, true, true}; !slices.Equal(ends, want) {
		t.Errorf("EndsParagraph = %v, want %v", ends, want)
	}
}

func TestLongSentencesAreSplitAtTheBestPlace(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want []string
	}{
		{"one two three, four five six; seven eight nine ten", 32, []string{"one two three, four five six;", "seven eight nine ten"}},
		{"one two three, four five six seven", 24, []string{"one two three,", "four five six seven"}},
		{"one; two three four five six seven", 24, []string{"one; two three four", "five six seven"}},
		{"abcdefghijklmnopqrstuvwxyz", 16, []string{"abcdefghijklmnop", "qrstuvwxyz"}},
		{"日本語日本語日本語", 16, []string{"日本語日本", "語日本語"}},
		{"日本語、日本語、日本語、日本語", 27, []string{"日本語、日本語、", "日本語、日本語"}},
		{strings.Repeat("e\u0301", 10), 16, []string{strings.Repeat("e\u0301", 5), strings.Repeat("e\u0301", 5)}},
		{"👨‍👩‍👧👨‍👩‍👧", 20, []string{"👨‍👩‍👧", "👨‍👩‍👧"}},
		{"a" + strings.Repeat("\u0301", 12), 16, []string{"a" + strings.Repeat("\u0301", 7), strings.Repeat("\u0301", 5)}},
	} {
		if got := split(c.text, c.most); !slices.Equal(got, c.want) {
			t.Errorf("%q at most %d: %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

func TestContinues(t *testing.T) {
	var marks []bool
	for s := range textnorm.Sentences("one two three four. Five.", 16) {
		marks = append(marks, s.Continues)
	}
	if want := []bool{true, false, false}; !slices.Equal(marks, want) {
		t.Errorf("Continues = %v, want %v", marks, want)
	}
}

// checkPartition holds the sentences of text to what is promised of them.
func checkPartition(t rapid.TB, text string, maxBytes int) {
	t.Helper()
	most := maxBytes
	if most == 0 {
		most = textnorm.DefaultMaxBytes
	}
	most = max(most, textnorm.LeastMaxBytes)
	at, last := 0, textnorm.Sentence{}
	for s := range textnorm.Sentences(text, maxBytes) {
		switch {
		case s.Start != at:
			t.Fatalf("a sentence of %q begins at %d, the one before ends at %d", text, s.Start, at)
		case s.End <= s.Start || s.End-s.Start > most:
			t.Fatalf("a sentence of %q has %d bytes, want 1 to %d", text, s.End-s.Start, most)
		case utf8.ValidString(text) && !utf8.ValidString(s.Of(text)):
			t.Fatalf("a sentence of %q cuts a character: %q", text, s.Of(text))
		case s.Continues && s.EndsParagraph:
			t.Fatalf("a sentence of %q goes on beyond its paragraph", text)
		}
		at, last = s.End, s
	}
	if at != len(text) || len(text) > 0 && !last.EndsParagraph {
		t.Fatalf("the sentences of %q end at %d of %d", text, at, len(text))
	}
}

func TestSentencesPartitionTheText(t *testing.T) {
	words := rapid.SampledFrom([]string{"a", "The", "Mr.", "e.g.", "U.S.", "5", "1.", "end.", "why?", "”", "(", ")", ",", ";", ".", "...",
		" ", "  ", "\n", "\n\n", "\r\n", "\u2028", "\u2029", "\u0085", "é", "日本", "。", "👨‍👩‍👧", "\u0301", "\xff", "\xe2\x80", "\x00", ")))))))))))))))))))"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(words, 0, 200).Draw(t, "words"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		checkPartition(t, text, rapid.SampledFrom([]int{0, 1, 16, 17, 40, 200}).Draw(t, "most"))
	})
}

func FuzzSentences(f *testing.F) {
	f.Add("Dr. Smith met “Mr.” J. Jones (at 5 p.m.). He left.\r\n\r\nNo. 5 is alive…", 40)
	f.Add("今日は。元気\u2029\u0085\xff\xe2\x80", 0)
	f.Add(strings.Repeat("a.)", 100)+strings.Repeat("\u0301", 100), 16)
	f.Fuzz(func(t *testing.T, text string, most int) {
		checkPartition(t, text, most%2000)
		textnorm.Speakable(text)
	})
}

// Texts on which a rule that looks ahead or back could take quadratic time.
// Each takes milliseconds; a quadratic one takes a minute or more.
func TestSentencesTakeLinearTime(t *testing.T) {
	const n = 1 << 18
	for name, unit := range map[string]string{
		"spaces": " ", "line ends": "\n", "dots": ".", "spaced dots": ". ", "brackets": ")", "quotes": "”", "marks": "\u0301",
		"letters": "a", "capitals": "A. ", "abbreviations": "Mr. ", "numbers": "1. ", "digits": "1", "emoji": "👨‍👩‍👧", "invalid": "\xff",
	} {
		t.Run(name, func(t *testing.T) {
			start, bytes := time.Now(), 0
			for _, text := range []string{
				strings.Repeat(unit, n/len(unit)),
				"a." + strings.Repeat(unit, n/len(unit)) + "b",
				strings.Repeat("a.))))))))))))))))))))))))))))))))))))))))))))))))"+unit, n/50),
			} {
				for s := range textnorm.Sentences(text, 0) {
					bytes += s.End - s.Start
				}
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("%d bytes took %v", bytes, took)
			}
		})
	}
}

func TestSentencesCanBeLeft(t *testing.T) {
	const text = "One. Two; too long for once and again. Three.\n\nFour."
	whole := len(split(text, 16))
	for stop := 1; stop <= whole; stop++ {
		n := 0
		for range textnorm.Sentences(text, 16) {
			if n++; n == stop {
				break
			}
		}
		if n != stop {
			t.Errorf("left after %d sentences of %d", n, stop)
		}
	}
}

func TestSpeakable(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, " \n": false, "...": false, "“—”!?": false, "-": false, "( )": false, "\xff": false, "\uFFFD": false, "\u0301": false, "。": false,
		"* * *": false, "=====": false, "~": false, "##": false,
		"a": true, " 5 ": true, "%": true, "& ": true, "€": true, "😀": true, "日": true, "é": true, "+": true, "½": true,
	} {
		if got := textnorm.Speakable(text); got != want {
			t.Errorf("Speakable(%q) = %v", text, got)
		}
	}
}

func BenchmarkSentences(b *testing.B) {
	prose, err := os.ReadFile("testdata/prose.txt")
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat(string(prose)+"\n\n", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		for range textnorm.Sentences(text, 0) {
		}
	}
}
