package g2p

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// scanner walks over a JSON text by the shape that its caller expects; what it
// gives are pieces of the text where possible. After an error every method returns
// at once: only err need be looked at, at the end. (encoding/json takes seconds for
// what is here.)
type scanner struct {
	data []byte
	pos  int
	err  error
}

func (s *scanner) fail(want string) {
	if s.err == nil {
		s.err = fmt.Errorf("at byte %d: %s is expected", s.pos, want)
		s.pos = len(s.data)
	}
}

// peek is the next byte that is no white space; 0 at the end.
func (s *scanner) peek() byte {
	for ; s.pos < len(s.data); s.pos++ {
		switch s.data[s.pos] {
		case ' ', '\t', '\n', '\r':
		default:
			return s.data[s.pos]
		}
	}
	return 0
}

// take steps over c, which must be next.
func (s *scanner) take(c byte) {
	if s.peek() != c {
		s.fail(strconv.QuoteRune(rune(c)))
		return
	}
	s.pos++
}

// object calls member at each value, which member must step over.
func (s *scanner) object(member func(key []byte)) {
	s.list('{', '}', func() {
		key := s.text()
		s.take(':')
		member(key)
	})
}

// array calls element at each value, which element must step over.
func (s *scanner) array(element func()) { s.list('[', ']', element) }

func (s *scanner) list(open, end byte, element func()) {
	s.take(open)
	if s.peek() == end {
		s.pos++
		return
	}
	for s.err == nil {
		element()
		if s.peek() == end {
			s.pos++
			return
		}
		s.take(',')
	}
}

// text is a string without its quotes.
func (s *scanner) text() []byte {
	s.take('"')
	start, escapes := s.pos, false
	for ; s.pos < len(s.data); s.pos++ {
		switch s.data[s.pos] {
		case '\\':
			escapes = true
			s.pos++
		case '"':
			text := s.data[start:s.pos]
			s.pos++
			if escapes {
				return s.unescape(s.data[start-1 : s.pos])
			}
			return text
		}
	}
	s.fail("the end of a string")
	return nil
}

func (s *scanner) unescape(quoted []byte) []byte {
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		s.fail("a string")
	}
	return []byte(text)
}

// float is a number.
func (s *scanner) float() float64 {
	s.peek()
	start := s.pos
	for s.pos < len(s.data) && (s.data[s.pos] >= '0' && s.data[s.pos] <= '9' || s.data[s.pos] == '-' ||
		s.data[s.pos] == '.' || s.data[s.pos] == '+' || s.data[s.pos]|0x20 == 'e') {
		s.pos++
	}
	number := s.data[start:s.pos]
	if f, ok := tenths(number); ok {
		return f
	}
	f, err := strconv.ParseFloat(string(number), 64)
	if err != nil {
		s.fail("a number")
	}
	return f
}

// tenths reads numbers such as -12.3, of which there are hundreds of thousands.
func tenths(number []byte) (float64, bool) {
	digits := bytes.TrimPrefix(number, []byte("-"))
	n := len(digits)
	if n < 3 || n > 9 || digits[n-2] != '.' {
		return 0, false
	}
	sum := 0
	for i, c := range digits {
		if i == n-2 {
			continue
		}
		if c < '0' || c > '9' {
			return 0, false
		}
		sum = 10*sum + int(c-'0')
	}
	if len(number) > n {
		sum = -sum
	}
	return float64(sum) / 10, true // rounded once, as if it had been parsed
}

// null steps over a null, if one is next.
func (s *scanner) null() bool {
	if s.peek() != 'n' {
		return false
	}
	s.pos += len("null")
	return true
}

// skip steps over any value.
func (s *scanner) skip() {
	switch s.peek() {
	case '{':
		s.object(func([]byte) { s.skip() })
	case '[':
		s.array(s.skip)
	case '"':
		s.text()
	case 'n', 't':
		s.pos += 4
	case 'f':
		s.pos += 5
	default:
		s.float()
	}
}
