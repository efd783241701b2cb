// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/speech"
)

// places are the byte offsets in a text of the characters that the library was
// given, and after them the text's length. All characters of a bracket lie at
// the beginning of the word that it stands for.
type places struct {
	source  string
	offsets []int32
	said    []said
}

// offset is the byte at which a character, counted from 1, begins.
func (p places) offset(position int) int {
	return int(p.offsets[min(max(position-1, 0), len(p.offsets)-1)])
}

// token is the place of a word that the library counts in characters from 1;
// white space around it is left out, and nothing may be left.
func (p places) token(position, length int) (speech.Token, bool) {
	last := len(p.offsets) - 1
	first := position - 1
	if first < 0 || first >= last {
		return speech.Token{}, false
	}
	t := speech.Token{Start: int(p.offsets[first]), End: int(p.offsets[min(first+max(length, 1), last)])}
	if i, ok := p.saidAt(t.Start); ok {
		return trim(p.source, p.said[i].Token)
	}
	return trim(p.source, t)
}

// saidAt finds the word with mnemonics that holds a byte.
func (p places) saidAt(at int) (int, bool) {
	i := sort.Search(len(p.said), func(i int) bool { return p.said[i].End > at })
	return i, i < len(p.said) && p.said[i].Start <= at
}

// longestClause is a bit less than the characters that the library takes for a
// clause at most; it cuts a longer one anywhere, within brackets too.
const longestClause = 700

// prepare makes text fit for the library, character for character but for the
// words with mnemonics, which it replaces. Invalid bytes, and the control
// characters that the library takes for commands, become spaces, and so does
// the private use area, in which it keeps marks of its own. Where brackets mean
// phonemes the text's own become parentheses.
func prepare(text string, words []said) (string, places) {
	p := places{source: text, offsets: make([]int32, 0, len(text)+1), said: words}
	w := preparer{places: &p}
	w.Grow(len(text))
	for at := 0; at < len(text); {
		if len(words) > 0 && at == words[0].Start {
			w.bracket(words[0])
			at, words = words[0].End, words[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		if r == utf8.RuneError && size == 1 || unicode.IsControl(r) || unicode.Is(unicode.Co, r) || r >= 0xfff0 && r <= 0xffff {
			r = ' '
		}
		if r == '[' && p.said != nil {
			r = '('
		}
		w.character(r, at)
		at += size
	}
	p.offsets = append(p.offsets, int32(len(text)))
	return w.String(), p
}

// preparer writes the prepared text.
type preparer struct {
	strings.Builder
	places *places
	last   rune
	clause int  // its characters so far
	close  bool // whether the last thing was a bracket
}

func (w *preparer) character(r rune, at int) {
	if w.close && speakable(r) {
		w.put(' ', at)
	}
	w.close = false
	if r == ' ' && strings.ContainsRune(".,;:!?", w.last) {
		w.clause = 0
	}
	w.put(r, at)
}

func (w *preparer) put(r rune, at int) {
	w.places.offsets = append(w.places.offsets, int32(at))
	w.WriteRune(r)
	w.last = r
	w.clause++
}

// bracket writes a word's mnemonics as words of their own.
func (w *preparer) bracket(word said) {
	for _, b := range word.mnemonics {
		if w.clause+len(b) > longestClause {
			w.put(',', word.Start)
			w.clause = 0
		}
		if w.last != ' ' && w.Len() > 0 {
			w.put(' ', word.Start)
		}
		for _, r := range b {
			w.put(r, word.Start)
		}
		w.close = true
	}
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
