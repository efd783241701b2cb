package textnorm

import (
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// Letters and accents in any order and number are as golang.org/x/text composes
// them: each letter with each mark, each whole letter with two, and long ones at random.
func TestAccentsComposeAsTheReferenceDoes(t *testing.T) {
	var letters, marks []rune
	for c := rune(' '); c < 0x2100; c++ {
		if !isAccent(c) && takesAccents(c) {
			letters = append(letters, c)
		}
	}
	for c := rune(firstMark); c <= lastMark; c++ {
		if !standsForOthers(c) {
			marks = append(marks, c)
		}
	}
	check := func(text string) {
		got, ok := composeAccents(text)
		if want := norm.NFC.String(text); !ok || got.Text != want {
			t.Fatalf("%+q is composed as %+q, want %+q", text, got.Text, want)
		}
	}
	for _, letter := range letters {
		for _, mark := range marks {
			check(string(letter) + string(mark))
			check(string(mark) + string(letter))
		}
	}
	random := rand.New(rand.NewPCG(15, 17))
	some := func(of []rune) string { return string(of[random.IntN(len(of))]) }
	for range 200_000 {
		var text strings.Builder
		for range 1 + random.IntN(4) {
			text.WriteString(some(letters))
			for range random.IntN(5) {
				text.WriteString(some(marks))
			}
		}
		check(text.String())
	}
}
