package neural

import (
	"fmt"
	"testing"

	"github.com/lectern/lectern/speech"
)

func TestJoined(t *testing.T) {
	word := func(start, end int, phonemes string, space bool) Word {
		return Word{Token: speech.Token{Start: start, End: end}, Phonemes: phonemes, Space: space}
	}
	for _, c := range []struct {
		read []Word
		want string
	}{
		// “don't,” he
		{[]Word{word(0, 3, "“", false), word(3, 5, "do", false), word(5, 8, "nt", false), word(8, 9, ",", false), word(9, 12, "”", true), word(13, 15, "hi", false)},
			"[3-8 “dont,” 13-15 hi]"},
		// well—maybe: a sign ends a word
		{[]Word{word(0, 4, "wɛl", false), word(4, 7, "—", false), word(7, 12, "mA", false)}, "[0-4 wɛl— 7-12 mA]"},
		// a sign alone
		{[]Word{word(0, 1, "ɐ", true), word(2, 5, "—", true), word(6, 7, "b", false)}, "[0-1 ɐ 2-5 — 6-7 b]"},
		// a tomato that was given in tomatoes, between quotes
		{[]Word{word(0, 3, "“", false), {speech.Token{Start: 3, End: 9}, "tɐ", false, true}, word(9, 11, "z", false), word(11, 12, ".", false)}, "[3-9 “tɐ 9-11 z.]"},
		{nil, "[]"},
	} {
		got := []string{}
		for _, w := range joined(c.read) {
			got = append(got, fmt.Sprintf("%d-%d %s", w.Start, w.End, w.Phonemes))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%v, want %s", got, c.want)
		}
	}
}
