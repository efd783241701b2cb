package textnorm

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	nextLine           = "\u0085"
	lineSeparator      = "\u2028"
	paragraphSeparator = "\u2029"
)

// paragraphs gives the pieces of text between blank lines or paragraph
// separators, each with the white space behind it. White space at the start of
// the text belongs to the first.
func paragraphs(text string) iter.Seq[Span] {
	return func(yield func(Span) bool) {
		start := 0
		for at := skipBlank(text, 0); at < len(text); {
			switch c := text[at]; {
			case c > '\r' && c != paragraphSeparator[0]:
				at++
			case c == '\n', c == '\r', strings.HasPrefix(text[at:], paragraphSeparator):
				end := skipBlank(text, at)
				if end < len(text) && endsParagraph(text[at:end]) {
					if !yield(Span{start, end}) {
						return
					}
					start = end
				}
				at = end
			default:
				at++
			}
		}
		if start < len(text) {
			yield(Span{start, len(text)})
		}
	}
}

// skipBlank is where the white space at the byte at of text ends.
func skipBlank(text string, at int) int {
	for at < len(text) {
		switch c := text[at]; {
		case c == ' ', c >= '\t' && c <= '\r':
			at++
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(text[at:])
			if !unicode.IsSpace(r) {
				return at
			}
			at += size
		default:
			return at
		}
	}
	return at
}

// endsParagraph reports whether white space holds two ends of line or a
// paragraph separator.
func endsParagraph(blank string) bool {
	if strings.Contains(blank, paragraphSeparator) {
		return true
	}
	feeds := strings.Count(blank, "\n")
	returns := strings.Count(blank, "\r") - strings.Count(blank, "\r\n")
	return feeds+returns >= 2
}

// flatten turns the ends of lines in text into spaces, byte for byte.
func flatten(text string) string {
	if strings.IndexByte(text, '\n') < 0 && strings.IndexByte(text, '\r') < 0 && !strings.Contains(text, nextLine) &&
		!strings.Contains(text, lineSeparator) && !strings.Contains(text, paragraphSeparator) {
		return text
	}
	flat := []byte(text)
	for i, c := range flat {
		switch c {
		case '\n', '\r':
			flat[i] = ' '
		case nextLine[0], lineSeparator[0]:
			for _, end := range []string{nextLine, lineSeparator, paragraphSeparator} {
				if strings.HasPrefix(text[i:], end) {
					copy(flat[i:], "   "[:len(end)])
				}
			}
		}
	}
	return string(flat)
}

// longestRun is how many characters without a letter or digit may follow each
// other in one stretch.
const longestRun = 64

// runEnd is where the first run of text longer than longestRun reaches that
// length, or the length of text.
func runEnd(text string) int {
	run := 0
	for i := 0; i < len(text); {
		c, size := rune(text[i]), 1
		spoken := false
		if c < utf8.RuneSelf {
			spoken = ascii[c] == word
		} else {
			c, size = utf8.DecodeRuneInString(text[i:])
			spoken = !isAccent(c) && (unicode.IsLetter(c) || unicode.IsNumber(c))
		}
		i += size
		if spoken {
			run = 0
		} else if run++; run > longestRun {
			return i
		}
	}
	return len(text)
}
