package textnorm_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/lectern/lectern/textnorm"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Hello there.", "Hello there."},
		{"  Hello \n\t there. \r\n", "Hello there."},
		{"a\u00A0b\u2003c\u2028d\u3000e\u0085f", "a b c d e f"},
		{"a\x00b\x1bc\x7fd\u0090e", "abcde"},
		{"a\xffb\xed\xa0\x80c\xe2\x80", "abc"},
		{"\uFEFFa\u00ADb\u200Bc\u202Ed\u2066e", "abcde"},
		{"a\uFFFEb\uFDD0c\U0001FFFFd\uFFFD", "abcd"},
		{"a \x00 b", "a b"},
		{" \x00 a", "a"},
		{"\x00", ""},
		{"a \x7f", "a"},
		{"Mu\u0308ller, A\u030A, u\u00AD\u0308", "Müller, Å, ü"},
		{"𝐇𝐞𝐥𝐥𝐨 𝟏𝟐, ﬁnden, ĳs, Ａ１！", "Hello 12, finden, ijs, A1!"},
		{"Act Ⅳ, ⓗⓘ, 5 ㎏, 20 ℃, 3 K", "Act IV, hi, 5 kg, 20 °C, 3 K"},
		{"x², ½, 1ª, № 5, ①, …", "x², ½, 1ª, № 5, ①, …"},
		{"It’s ‘so’, they’re", "It's ‘so’, they're"},
		{"e\u0301ʼa, éʼa, ŉ, Aŉ", "é'a, é'a, 'n, A'n"},
		{"It&#39;s &lt;Tom &amp; Jerry&gt;&nbsp; &eacute;t&eacute;", "It's <Tom & Jerry> été"},
		{"AT&T; a & b; &; &notone; &amp", "AT&T; a & b; &; &notone; &amp"},
		{"e" + strings.Repeat("\u0301", 40), "é" + strings.Repeat("\u0301", 39)},
		{"né 👨‍👩‍👧 می\u200cخواهم", "né 👨‍👩‍👧 می\u200cخواهم"},
	} {
		if got := textnorm.Clean(c.text).Text; got != c.want {
			t.Errorf("Clean(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestCleanSource(t *testing.T) {
	const text = " \n a\t\n b\x00\u00ADc  "
	clean := textnorm.Clean(text)
	if clean.Text != "a bc" {
		t.Fatalf("Clean = %q", clean.Text)
	}
	for i, want := range []int{strings.Index(text, "a"), strings.Index(text, "\t"), strings.Index(text, "b"), strings.Index(text, "c")} {
		if got := clean.Source(i); got != want {
			t.Errorf("byte %d comes from %d, want %d", i, got, want)
		}
	}
	if got, want := clean.Source(4), strings.Index(text, "c")+1; got != want {
		t.Errorf("the end comes from %d, want %d", got, want)
	}
}

func checkClean(t rapid.TB, text string) {
	t.Helper()
	clean := textnorm.Clean(text)
	if !utf8.ValidString(clean.Text) || clean.Text != strings.Join(strings.Fields(clean.Text), " ") {
		t.Fatalf("Clean(%q) = %q", text, clean.Text)
	}
	last := -1
	for i, c := range clean.Text {
		from := clean.Source(i)
		if from < last || from >= len(text) {
			t.Fatalf("byte %d of Clean(%q) comes from %d, the one before from %d", i, text, from, last)
		}
		last = from
		source, _ := utf8.DecodeRuneInString(text[from:])
		plain := norm.NFKC.String(string(source))
		if unicode.IsControl(c) || source < utf8.RuneSelf && source > ' ' && source != c && source != '&' && !unicode.IsLetter(source) && !unicode.IsMark(c) ||
			c < utf8.RuneSelf && c > ' ' && source >= utf8.RuneSelf && !strings.ContainsRune(plain, c) && !strings.ContainsRune("-'", c) {
			t.Fatalf("byte %d of Clean(%q) is %q, its source %q", i, text, c, source)
		}
	}
	if end := clean.Source(len(clean.Text)); end < last || end > len(text) {
		t.Fatalf("the end of Clean(%q) comes from %d", text, end)
	}
	if again := textnorm.Clean(clean.Text); again.Text != clean.Text {
		t.Fatalf("Clean(%q) = %q, and of that %q", text, clean.Text, again.Text)
	}
}

func TestCleanHoldsForAnyText(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"a", "é", "日", " ", "  ", "\n", "\u00A0", "\x00", "\xff", "\u00AD", "\u200B", "\uFFFE", "\u0085", "x y",
		"\u0301", "\u0323", "ﬁ", "Ⅳ", "𝐇", "’", "&amp;", "&#769;", "u", "가", "ﷺ", "5"})
	rapid.Check(t, func(t *rapid.T) {
		checkClean(t, strings.Join(rapid.SliceOfN(pieces, 0, 40).Draw(t, "pieces"), ""))
	})
}

// TestCleanIsSettled cleans every character a second time, between neighbours of which an
// apostrophe depends: nothing may be left to do.
func TestCleanIsSettled(t *testing.T) {
	beside := []string{"", "A", "á", "a\u0301", "ﬁ", "ʼ", "’"}
	for c := rune(0x80); c < 0x20000; c++ {
		if !unicode.IsGraphic(c) {
			continue
		}
		for _, before := range beside {
			for _, behind := range beside {
				text := before + string(c) + behind
				once := textnorm.Clean(text).Text
				if twice := textnorm.Clean(once).Text; twice != once {
					t.Fatalf("Clean(%q) = %q, and of that %q", text, once, twice)
				}
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("  Hello \n\t there.\u00AD \xff\r\n")
	f.Add("a\u00A0b\u2003c\u2028d\u3000e\u0085f\x00")
	f.Fuzz(func(t *testing.T, text string) { checkClean(t, text) })
}

func BenchmarkClean(b *testing.B) {
	for name, text := range map[string]string{
		"clean":    "Alice was beginning to get very tired of sitting by her sister on the bank.",
		"two-line": "Alice was beginning to get very tired\nof sitting by her sister on the bank.",
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				textnorm.Clean(text)
			}
		})
	}
}
