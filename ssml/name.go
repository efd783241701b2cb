package ssml

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// name reads a name, with a prefix or without; "" if there is none or it has
// more than one colon.
func (s *scanner) name() string {
	start := s.at
	for i, c := range s.text[start:] {
		if !isNameCharacter(c) {
			break
		}
		s.at = start + i + utf8.RuneLen(c)
	}
	name := s.text[start:s.at]
	if first, _ := utf8.DecodeRuneInString(name); name == "" || !isNameStart(first) || strings.Count(name, ":") > 1 {
		s.at = start
		return ""
	}
	return name
}

// isNameStart is the production NameStartChar of XML 1.0.
func isNameStart(c rune) bool {
	if c < utf8.RuneSelf {
		return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':'
	}
	return unicode.Is(nameStart, c)
}

// isNameCharacter is the production NameChar of XML 1.0.
func isNameCharacter(c rune) bool {
	if c < utf8.RuneSelf {
		return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c == ':' || c == '-' || c == '.'
	}
	return c == 0xB7 || c >= 0x300 && c <= 0x36F || c == 0x203F || c == 0x2040 || unicode.Is(nameStart, c)
}

// nameStart is NameStartChar beyond ASCII.
var nameStart = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0xC0, 0xD6, 1}, {0xD8, 0xF6, 1}, {0xF8, 0x2FF, 1}, {0x370, 0x37D, 1}, {0x37F, 0x1FFF, 1},
		{0x200C, 0x200D, 1}, {0x2070, 0x218F, 1}, {0x2C00, 0x2FEF, 1}, {0x3001, 0xD7FF, 1},
		{0xF900, 0xFDCF, 1}, {0xFDF0, 0xFFFD, 1},
	},
	R32: []unicode.Range32{{0x10000, 0xEFFFF, 1}},
}
