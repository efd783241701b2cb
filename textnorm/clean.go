package textnorm

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Cleaned is a text fit for an engine, with the way back to its source.
type Cleaned struct {
	// Text is valid UTF-8 in normal form C whose only white space is single
	// spaces, none of them at an end, without control characters, noncharacters
	// and invisible marks of layout. Letters have the form that engines know:
	// no ligatures, no mathematical alphabets, no full width.
	Text string

	steps []step // none where each byte stands as it does in the source
}

// step says where the bytes of Text from text on come from: byte by byte from
// source on, or, where long is not zero, all from the one piece of that many
// bytes, which they replace.
type step struct{ text, source, long int }

// Clean makes text fit for an engine, whatever its language: white space becomes
// single spaces, ends are trimmed, what nobody can speak or see is dropped
// (control characters, noncharacters, bytes that are not UTF-8, soft hyphens,
// marks of direction), letters and their marks are put into normal form C,
// letters in special dress become plain ones, and what HTML writes as &amp; is
// the character. When there is nothing to do Text is text itself.
func Clean(text string) Cleaned {
	clean := trimmed(text)
	if strings.IndexByte(text, '&') >= 0 {
		if plain, _ := rewritten(text, entityAt); plain.Text != text {
			clean = trimmed(plain.Text).behind(plain)
		}
	}
	if isASCII(clean.Text) {
		return clean
	}
	if plain, tidy := rewritten(clean.Text, dressedAt); plain.Text != clean.Text {
		clean = plain.behind(clean)
		if !tidy {
			clean = trimmed(clean.Text).behind(clean)
		}
	}
	if composed := compose(clean.Text); composed.Text != clean.Text {
		clean = composed.behind(clean)
	}
	return clean
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// trimmed is text without what [dropped] names, its white space single spaces.
func trimmed(text string) Cleaned {
	for len(text) > 0 && text[len(text)-1] <= ' ' {
		text = text[:len(text)-1]
	}
	start := 0
	for start < len(text) {
		c, size := utf8.DecodeRuneInString(text[start:])
		if !unicode.IsSpace(c) && !dropped(c) {
			break
		}
		start += size
	}
	clean := cleanPrefix(text[start:])
	if start == 0 && clean == len(text) {
		return Cleaned{Text: text}
	}
	out := Cleaned{Text: text[start : start+clean], steps: []step{{source: start}}}
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
		c := text[i]
		switch {
		case c > ' ' && c < 0x7F:
			i++
		case c == ' ':
			// A single space with something behind it is as it should be.
			if i+1 == len(text) || text[i+1] <= ' ' || text[i+1] >= 0x7F {
				return i
			}
			i++
		case c < utf8.RuneSelf:
			return i
		default:
			c, size := utf8.DecodeRuneInString(text[i:])
			if !isProseMark(c) && (dropped(c) || !isAccent(c) && unicode.IsSpace(c)) {
				return i
			}
			i += size
		}
	}
	return len(text)
}

// step notes that the byte at of Text comes from the byte source, unless the
// step before already says so.
func (c *Cleaned) step(at, source int) {
	if last := len(c.steps) - 1; last < 0 || c.steps[last].long > 0 || source-c.steps[last].source != at-c.steps[last].text {
		c.steps = append(c.steps, step{text: at, source: source})
	}
}

// Source is the byte of the source from which byte i of Text comes. i may be
// len(Text), which leads behind the last byte that was kept.
func (c Cleaned) Source(i int) int {
	if i > 0 && i == len(c.Text) {
		return c.end(i)
	}
	return c.stepAt(i).from(i)
}

// from is where byte i of Text comes from, to which s leads.
func (s step) from(i int) int {
	if s.long > 0 {
		return s.source
	}
	return s.source + i - s.text
}

// end is where in the source the piece ends of which byte i-1 of Text comes.
func (c Cleaned) end(i int) int {
	return c.stepAt(i - 1).to(i)
}

// to is where what s leads to ends, in the source, if byte i-1 of Text is its last.
func (s step) to(i int) int {
	if s.long > 0 {
		return s.source + s.long
	}
	return s.source + i - s.text
}

// isSource reports whether each byte of Text stands where it does in the source.
func (c Cleaned) isSource() bool {
	return len(c.steps) == 0 || len(c.steps) == 1 && c.steps[0] == step{}
}

func (c Cleaned) stepAt(i int) step {
	if len(c.steps) == 0 {
		return step{}
	}
	return c.steps[c.stepNear(i, 0)]
}

// stepNear is which step leads from byte i. It is quick if that is near or a few
// steps behind it.
func (c Cleaned) stepNear(i, near int) int {
	for k := near; k < min(near+4, len(c.steps)) && c.steps[k].text <= i; k++ {
		if k+1 == len(c.steps) || c.steps[k+1].text > i {
			return k
		}
	}
	after := sort.Search(len(c.steps), func(k int) bool { return c.steps[k].text > i })
	return max(0, after-1)
}

// behind is c, whose source is the text of first, with the source of first.
func (c Cleaned) behind(first Cleaned) Cleaned {
	if first.isSource() {
		return c
	}
	if len(c.steps) == 0 {
		c.steps = []step{{}}
	}
	out := Cleaned{Text: c.Text}
	next := 0 // of first.steps
	for k, s := range c.steps {
		end := len(c.Text)
		if k+1 < len(c.steps) {
			end = c.steps[k+1].text
		}
		if s.long > 0 {
			from := first.Source(s.source)
			out.steps = append(out.steps, step{s.text, from, first.end(s.source+s.long) - from})
			continue
		}
		for next > 0 && first.steps[next-1].text > s.source {
			next--
		}
		for next < len(first.steps) && first.steps[next].text <= s.source {
			next++
		}
		if from := first.stepAt(s.source); from.long > 0 {
			out.steps = append(out.steps, step{s.text, from.source, from.long})
		} else {
			out.step(s.text, first.Source(s.source))
		}
		for ; next < len(first.steps) && first.steps[next].text < s.source+end-s.text; next++ {
			from := first.steps[next]
			from.text += s.text - s.source
			if from.long > 0 {
				out.steps = append(out.steps, from)
			} else {
				out.step(from.text, from.source)
			}
		}
	}
	return out
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
	case c == 0xAD, c == 0x034F, c == 0x061C, c == 0x180E, // soft hyphen, grapheme joiner, Arabic mark, Mongolian vowel separator
		c == 0x115F, c == 0x1160, c == 0x3164, c == 0xFFA0, // fillers of Hangul
		c == 0x200B, c == 0x200E, c == 0x200F, // zero width space, marks of direction
		c >= 0x202A && c <= 0x202E, c >= 0x2060 && c <= 0x206F,
		c == 0xFEFF, c >= 0xFFF9 && c <= 0xFFFB:
		return true
	case c >= 0xFDD0 && c <= 0xFDEF, c&0xFFFE == 0xFFFE: // noncharacters
		return true
	}
	return false
}
