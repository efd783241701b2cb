package textnorm

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Cleaned is a text fit for an engine, with the way back to its source.
type Cleaned struct {
	// Text is valid UTF-8 whose only white space is single spaces, none of
	// them at an end, without control characters, noncharacters and
	// invisible marks of layout.
	Text string

	steps []step
}

// step says that the bytes of Text from text on come from source on.
type step struct{ text, source int }

// Clean makes text fit for an engine: white space becomes single spaces, ends
// are trimmed, and what nobody can speak or see is dropped (control
// characters, noncharacters, bytes that are not UTF-8, soft hyphens, marks of
// direction). When there is nothing to do Text is text itself.
func Clean(text string) Cleaned {
	start := 0
	for start < len(text) {
		c, size := utf8.DecodeRuneInString(text[start:])
		if !unicode.IsSpace(c) && !dropped(c) {
			break
		}
		start += size
	}
	clean := cleanPrefix(text[start:])
	out := Cleaned{Text: text[start : start+clean], steps: []step{{0, start}}}
	if start+clean == len(text) {
		return out
	}

	var b strings.Builder
	b.Grow(len(text) - start)
	b.WriteString(out.Text)
	space := -1 // where the white space before i begins, if there is any
	for i := start + clean; i < len(text); {
		if space < 0 {
			if kept := cleanPrefix(text[i:]); kept > 0 {
				out.step(b.Len(), i)
				b.WriteString(text[i : i+kept])
				i += kept
				continue
			}
		}
		c, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(c):
			if space < 0 {
				space = i
			}
		case !dropped(c):
			if space >= 0 {
				out.step(b.Len(), space)
				b.WriteByte(' ')
				space = -1
			}
			out.step(b.Len(), i)
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	out.Text = b.String()
	return out
}

// cleanPrefix is how many bytes of text, which does not begin with white space,
// may stay as they are.
func cleanPrefix(text string) int {
	for i := 0; i < len(text); {
		c, size := rune(text[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(text[i:])
		}
		switch {
		case c == ' ':
			// A single space with something behind it is as it should be.
			if i+1 == len(text) || text[i+1] <= ' ' || text[i+1] >= 0x7F {
				return i
			}
		case c < ' ', c == 0x7F, c >= utf8.RuneSelf && (unicode.IsSpace(c) || dropped(c)):
			return i
		}
		i += size
	}
	return len(text)
}

// step notes that the byte at of Text comes from the byte source, unless the
// step before already says so.
func (c *Cleaned) step(at, source int) {
	if last := c.steps[len(c.steps)-1]; source-last.source != at-last.text {
		c.steps = append(c.steps, step{at, source})
	}
}

// Source is the byte of the source from which byte i of Text comes. i may be
// len(Text), which leads behind the last byte that was kept.
func (c Cleaned) Source(i int) int {
	if len(c.steps) == 0 {
		return i
	}
	after := sort.Search(len(c.steps), func(k int) bool { return c.steps[k].text > i })
	from := c.steps[max(0, after-1)]
	return from.source + i - from.text
}

// dropped reports whether c is nothing to speak and nothing to see.
func dropped(c rune) bool {
	switch {
	case c < 0x20, c >= 0x7F && c < 0xA0: // controls; white space was asked for before
		return true
	case c < 0xAD:
		return false
	case c == utf8.RuneError: // bytes that are not UTF-8, lone surrogates among them
		return true
	case c == 0xAD, c == 0x200B, c == 0x200E, c == 0x200F, // soft hyphen, zero width space, marks of direction
		c >= 0x202A && c <= 0x202E, c >= 0x2060 && c <= 0x206F,
		c == 0xFEFF, c >= 0xFFF9 && c <= 0xFFFB:
		return true
	case c >= 0xFDD0 && c <= 0xFDEF, c&0xFFFE == 0xFFFE: // noncharacters
		return true
	}
	return false
}
