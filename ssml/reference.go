package ssml

import (
	"strings"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
)

// run makes a run of text out of raw, which begins at the byte offset of the
// source.
func (s *scanner) run(raw string, offset int, references bool) (run *Run, err error) {
	run = s.runs.new()
	if plainText(raw, references) {
		run.Text, run.places = raw, s.places.take(1)
		run.places[0] = place{source: offset}
		return run, nil
	}
	run.Text, run.places, err = s.decode(raw, offset, references)
	return run, err
}

// plainText reports whether raw is what it stands for.
func plainText(raw string, references bool) bool {
	return strings.IndexByte(raw, '\r') < 0 && (!references || strings.IndexByte(raw, '&') < 0)
}

// decode resolves the references in raw, which begins at the byte offset of
// the source, and makes its line ends "\n".
func (s *scanner) decode(raw string, offset int, references bool) (text string, from places, err error) {
	from = places{{source: offset}}
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); {
		switch {
		case raw[i] == '&' && references:
			c, size, fault := s.reference(raw[i:], offset+i)
			if fault != nil {
				return "", nil, fault
			}
			from = append(from, place{b.Len(), offset + i, true})
			b.WriteRune(c)
			i += size
			from = append(from, place{b.Len(), offset + i, false})
		case raw[i] == '\r':
			b.WriteByte('\n')
			i++
			if strings.HasPrefix(raw[i:], "\n") {
				i++
				from = append(from, place{b.Len(), offset + i, false})
			}
		default:
			end := i + 1
			for end < len(raw) && raw[end] != '&' && raw[end] != '\r' {
				end++
			}
			b.WriteString(raw[i:end])
			i = end
		}
	}
	return b.String(), from, nil
}

// longestEntity is the length of "&quot;".
const longestEntity = 6

// reference reads the reference that raw, at the byte at of the source, begins
// with: the character it stands for and its length.
func (s *scanner) reference(raw string, at int) (c rune, size int, err *fault.Error) {
	if strings.HasPrefix(raw, "&#") {
		return s.characterReference(raw, at)
	}
	if end := strings.IndexByte(raw[:min(len(raw), longestEntity)], ';'); end > 0 {
		switch raw[1:end] {
		case "amp":
			return '&', end + 1, nil
		case "lt":
			return '<', end + 1, nil
		case "gt":
			return '>', end + 1, nil
		case "quot":
			return '"', end + 1, nil
		case "apos":
			return '\'', end + 1, nil
		}
	}
	return 0, 0, s.malformed(at, "an & that begins none of &amp; &lt; &gt; &quot; &apos; or a character reference; write &amp; for the character itself")
}

func (s *scanner) characterReference(raw string, at int) (c rune, size int, err *fault.Error) {
	i, base := len("&#"), rune(10)
	if strings.HasPrefix(raw[i:], "x") {
		i, base = i+1, 16
	}
	first := i
	for ; i < len(raw); i++ {
		digit := digitOf(raw[i])
		if digit >= base {
			break
		}
		c = min(c*base+digit, utf8.MaxRune+1)
	}
	if i == first || i == len(raw) || raw[i] != ';' {
		return 0, 0, s.malformed(at, "a character reference is &# and a decimal number, or &#x and a hexadecimal one, and a semicolon")
	}
	if !isXMLCharacter(c) {
		return 0, 0, s.malformed(at, "the character reference names no character that XML allows")
	}
	return c, i + 1, nil
}

// digitOf is the value of a hexadecimal digit; of any other byte it is 16.
func digitOf(b byte) rune {
	switch {
	case b >= '0' && b <= '9':
		return rune(b - '0')
	case b|0x20 >= 'a' && b|0x20 <= 'f':
		return rune(b|0x20-'a') + 10
	}
	return 16
}
