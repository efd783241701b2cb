package flite

import (
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"plain":         "plain",
		"café":          "cafe",
		"cafe\u0301":    "cafe",
		"“a” ‘b’":       `"a" 'b'`,
		"a—b":           "a - b",
		"wait…":         "wait...",
		"½ Ⅷ":           "1/2 VIII",
		"ﬁne":           "fine",
		"Ægir Ørsted":   "Aegir Orsted",
		"a😀b":           "a b",
		"zero\u200bw":   "zerow",
		"a\x00b\xffc":   "a b c",
		"漢":             " ",
		"５０％":           "50%",
		"\u202eabc":     "abc",
		"Ελλάδα":        "      ",
		"one\ntwo\tx":   "one two x",
		"it’s 5€":       "it's 5 euro ",
		"no\u00a0break": "no break",
	} {
		if got := fold(text, nil).ascii; got != want {
			t.Errorf("fold(%q) is %q, want %q", text, got, want)
		}
	}
}

func TestPiecesEndWithSentences(t *testing.T) {
	text := strings.Repeat("This is a sentence of about fifty bytes, as it were. ", 40)
	pieces := 0
	for p := range fold(text, nil).pieces() {
		pieces++
		if end := strings.TrimSpace(p.ascii); !strings.HasSuffix(end, ".") {
			t.Errorf("a piece ends with %q", end[max(0, len(end)-20):])
		}
	}
	if pieces < 5 {
		t.Errorf("%d bytes are %d pieces", len(text), pieces)
	}
}

func FuzzFold(f *testing.F) {
	for _, text := range []string{"", "plain text.", "café\xff\x00", "\u0301\u0301", "ﷺ", strings.Repeat("x", 2000), strings.Repeat("a. ", 500)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		folded := fold(text, nil)
		if len(folded.ascii) != len(folded.origin) {
			t.Fatalf("%d bytes have %d origins", len(folded.ascii), len(folded.origin))
		}
		last := 0
		for i, from := range folded.origin {
			if c := folded.ascii[i]; c < ' ' || c > '~' {
				t.Fatalf("byte %#x", c)
			}
			if from.Start < last || from.End <= from.Start || from.End > len(text) {
				t.Fatalf("origin %v after %d in %d bytes", from, last, len(text))
			}
			last = from.Start
		}
		for p := range folded.pieces() {
			if len(p.ascii) == 0 || len(p.ascii) > longestPiece || len(p.origin) != len(p.ascii) {
				t.Fatalf("a piece of %d bytes with %d origins", len(p.ascii), len(p.origin))
			}
		}
	})
}
