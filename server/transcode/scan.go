package transcode

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads JSON strictly (RFC 8259) from a body that is valid UTF-8. Its
// methods skip white space first and stand behind what they read afterwards.
type scanner struct {
	body []byte
	pos  int
}

// peek is the next significant byte, 0 at the end.
func (s *scanner) peek() byte {
	for s.pos < len(s.body) {
		switch c := s.body[s.pos]; c {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// take reads c if it is next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c || s.pos == len(s.body) {
		return false
	}
	s.pos++
	return true
}

// members reads an object, calling member for each name with the scanner
// standing before the value.
func (s *scanner) members(member func(name string) *Error) *Error {
	s.take('{')
	if s.take('}') {
		return nil
	}
	for {
		if s.peek() != '"' {
			return s.broken("Expected an object key or }.")
		}
		name, err := s.text()
		if err != nil {
			return err
		}
		if !s.take(':') {
			return s.broken("Expected : between key:value pair.")
		}
		if err := member(name); err != nil {
			return err
		}
		if s.take('}') {
			return nil
		}
		if !s.take(',') {
			return s.broken("Expected , or } after key:value pair.")
		}
	}
}

// elements reads an array, calling element with the scanner standing before
// each value.
func (s *scanner) elements(element func(index int) *Error) *Error {
	s.take('[')
	if s.take(']') {
		return nil
	}
	for i := 0; ; i++ {
		if err := element(i); err != nil {
			return err
		}
		if s.take(']') {
			return nil
		}
		if !s.take(',') {
			return s.broken("Expected , or ] after array value.")
		}
	}
}

// skip reads any value inside depth open brackets and returns it as written.
func (s *scanner) skip(depth int) (string, *Error) {
	c := s.peek()
	start := s.pos
	var err *Error
	switch {
	case (c == '{' || c == '[') && depth >= maxDepth:
		err = s.tooDeep()
	case c == '{':
		err = s.members(func(string) *Error { _, err := s.skip(depth + 1); return err })
	case c == '[':
		err = s.elements(func(int) *Error { _, err := s.skip(depth + 1); return err })
	case c == '"':
		_, err = s.text()
	default:
		_, err = s.plain()
	}
	return string(s.body[start:s.pos]), err
}

// text reads a string and returns what it means.
func (s *scanner) text() (string, *Error) {
	s.pos++
	start := s.pos
	var b strings.Builder // what stands before start
	for s.pos < len(s.body) {
		switch c := s.body[s.pos]; {
		case c == '"':
			s.pos++
			if last := s.body[start : s.pos-1]; b.Len() > 0 {
				b.Write(last)
				return b.String(), nil
			} else {
				return string(last), nil
			}
		case c < ' ':
			return "", s.broken("Unescaped control character in string.")
		case c == '\\':
			b.Write(s.body[start:s.pos])
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
			start = s.pos
		default:
			s.pos++
		}
	}
	return "", s.broken("Closing quote expected in string.")
}

func (s *scanner) escape() (rune, *Error) {
	if s.pos+1 >= len(s.body) {
		return 0, s.broken("Closing quote expected in string.")
	}
	c := s.body[s.pos+1]
	if c == 'u' {
		return s.unicodeEscape()
	}
	at := strings.IndexByte(`"\/bfnrt`, c)
	if at < 0 {
		return 0, s.broken("Invalid escape sequence.")
	}
	s.pos += 2
	return rune("\"\\/\b\f\n\r\t"[at]), nil
}

func (s *scanner) unicodeEscape() (rune, *Error) {
	r, ok := s.hexAt(s.pos)
	if !ok {
		return 0, s.broken("Invalid escape sequence.")
	}
	if !utf16.IsSurrogate(r) {
		s.pos += 6
		return r, nil
	}
	low, _ := s.hexAt(s.pos + 6)
	r = utf16.DecodeRune(r, low)
	if r == utf8.RuneError {
		return 0, s.broken("Invalid unicode code point.")
	}
	s.pos += 12
	return r, nil
}

// hexAt reads \uXXXX at a position.
func (s *scanner) hexAt(pos int) (rune, bool) {
	if pos+6 > len(s.body) || s.body[pos] != '\\' || s.body[pos+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.body[pos+2:pos+6]), 16, 16)
	return rune(n), err == nil
}

// plain reads true, false, null or a number and returns it as written.
func (s *scanner) plain() (string, *Error) {
	start := s.pos
	for s.pos < len(s.body) && strings.IndexByte("+-.", s.body[s.pos]) >= 0 || s.pos < len(s.body) && isWord(s.body[s.pos]) {
		s.pos++
	}
	switch word := string(s.body[start:s.pos]); {
	case word == "true", word == "false", word == "null", isNumber(word):
		return word, nil
	case word == "" && s.pos == len(s.body):
		return "", s.broken("Unexpected end of string. Expected a value.")
	}
	s.pos = start
	return "", s.broken("Expected a value.")
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

// isNumber reports whether w is a number by JSON's grammar.
func isNumber(w string) bool {
	w = strings.TrimPrefix(w, "-")
	whole := digits(w)
	if whole == 0 || whole > 1 && w[0] == '0' {
		return false
	}
	w = w[whole:]
	if strings.HasPrefix(w, ".") {
		n := digits(w[1:])
		if n == 0 {
			return false
		}
		w = w[1+n:]
	}
	if w != "" && (w[0] == 'e' || w[0] == 'E') {
		w = w[1:]
		if w != "" && (w[0] == '+' || w[0] == '-') {
			w = w[1:]
		}
		n := digits(w)
		return n > 0 && n == len(w)
	}
	return w == ""
}

// digits is how many decimal digits w starts with.
func digits(w string) int {
	n := 0
	for n < len(w) && '0' <= w[n] && w[n] <= '9' {
		n++
	}
	return n
}

func (s *scanner) tooDeep() *Error {
	return s.broken("Message too deep. Max recursion depth is " + strconv.Itoa(maxDepth) + ".")
}

// broken refuses the body at the scanner's position, showing the place.
func (s *scanner) broken(reason string) *Error {
	const around = 30
	from, to := s.pos, s.pos
	for from > 0 && s.body[from-1] != '\n' && s.pos-from < around {
		from--
	}
	for to < len(s.body) && s.body[to] != '\n' && to-s.pos < around {
		to++
	}
	// The cuts may have gone through a character.
	before := strings.ToValidUTF8(string(s.body[from:s.pos]), "")
	after := strings.ToValidUTF8(string(s.body[s.pos:to]), "")
	return refuse("", "Invalid JSON payload received. %s\n%s%s\n%s^", reason, before, after,
		strings.Repeat(" ", utf8.RuneCountInString(before)))
}
