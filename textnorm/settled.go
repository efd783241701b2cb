package textnorm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Settled is how many bytes of text, from its start, are sentences that stay as
// [Sentences] finds them whatever text comes behind: of a text that is still
// being written they may be spoken. What is settled of a sentence that is too
// long are its pieces.
//
// Whether a sentence ends is known once the first word behind it is, so the
// last sentence of a text is never settled. What has no letters for long (a line
// drawn with signs, a table of numbers) is not either.
func Settled(text string) int {
	settled, start := 0, 0
	for s := range Sentences(text, 0) {
		behind := s.End
		if s.Continues {
			// Where it is cut depends on what a longest sentence more holds.
			behind = s.Start + 2*defaultMaxBytes
		}
		if behind >= len(text) || !wordBehind(text[behind:]) || !s.Continues && longRunAt(text, start, s.End) {
			break
		}
		settled = s.End
		if !s.Continues {
			start = s.End
		}
	}
	return settled
}

// wordBehind reports whether text holds a whole word of letters with something
// behind it: all that decides about a boundary before it.
func wordBehind(text string) bool {
	first := strings.IndexFunc(text, unicode.IsLetter)
	if first < 0 {
		return false
	}
	behind := strings.IndexFunc(text[first:], func(c rune) bool { return !unicode.IsLetter(c) })
	return behind >= 0 || len(text)-first > nearby
}

// longRunAt reports whether the byte at of text stands in a run without letters
// and digits that may be one which splits the text by itself.
func longRunAt(text string, start, at int) bool {
	run := 0
	for before := text[start:at]; before != ""; run++ {
		c, size := utf8.DecodeLastRuneInString(before)
		if unicode.IsLetter(c) || unicode.IsNumber(c) {
			break
		}
		before = before[:len(before)-size]
	}
	for _, c := range text[at:] {
		if unicode.IsLetter(c) || unicode.IsNumber(c) {
			break
		}
		run++
	}
	return run > longestRun
}

// leastWords is how many words a sentence must have to be [Complete].
const leastWords = 2

// Complete reports whether text ends as a sentence does, in a way that leaves
// little doubt even though nobody knows what comes behind: somebody who writes
// it at once means it as it is. It is a guess, where [Settled] is certain:
// "Look at example." may be the beginning of "Look at example.com".
func Complete(text string) bool {
	body := strings.TrimRight(strings.TrimRightFunc(text, unicode.IsSpace), closers)
	end, size := utf8.DecodeLastRuneInString(body)
	if size == 0 || !unicode.Is(unicode.STerm, end) {
		return false
	}
	if end != '.' {
		return true
	}
	start := strings.LastIndexFunc(body, unicode.IsSpace) + 1
	word := strings.TrimLeft(strings.TrimSuffix(body[start:], "."), openers)
	plain := len(word) > 1 && strings.IndexFunc(word, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsMark(c) && !strings.ContainsRune("'’-", c)
	}) < 0
	return plain && !goesOn(word, "a") && len(strings.Fields(body)) >= leastWords
}
