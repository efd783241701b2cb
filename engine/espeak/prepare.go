// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/speech"
)

// prepare makes text fit for the library, character for character: invalid
// bytes, and the control characters that it takes for commands, become spaces,
// and so does the private use area, in which it keeps marks of its own.
func prepare(text string) (string, places) {
	p := places{source: text, offsets: make([]int32, 0, len(text)+1)}
	var b strings.Builder
	b.Grow(len(text))
	for at, r := range text {
		p.offsets = append(p.offsets, int32(at))
		if r >= utf8.RuneSelf {
			if _, size := utf8.DecodeRuneInString(text[at:]); size == 1 {
				r = ' '
			}
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Co, r) || r >= 0xfff0 && r <= 0xffff {
			r = ' '
		}
		b.WriteRune(r)
	}
	p.offsets = append(p.offsets, int32(len(text)))
	return b.String(), p
}

// trim leaves out white space at a token's ends, and reports whether anything
// is left.
func trim(text string, t speech.Token) (speech.Token, bool) {
	word := text[t.Start:t.End]
	left := strings.TrimLeftFunc(word, unicode.IsSpace)
	t.Start += len(word) - len(left)
	t.End = t.Start + len(strings.TrimRightFunc(left, unicode.IsSpace))
	return t, t.End > t.Start
}

// words are the runs of text between two bytes that hold a letter or a digit.
func words(text string, from, to int) []speech.Token {
	var found []speech.Token
	for from < to {
		next := strings.IndexFunc(text[from:to], speakable)
		if next < 0 {
			break
		}
		start := from + next
		length := strings.IndexFunc(text[start:to], unicode.IsSpace)
		if length < 0 {
			length = to - start
		}
		end := start + len(strings.TrimRightFunc(text[start:start+length], unicode.IsPunct))
		found = append(found, speech.Token{Start: start, End: end})
		from = start + length
	}
	return found
}

func speakable(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
