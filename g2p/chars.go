package g2p

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The classes of characters that the rules speak of, as Python's regular
// expressions have them.

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isLower and isUpper know the letters of Latin 1, as the rules do.
func isLower(r rune) bool {
	return 'a' <= r && r <= 'z' || 'ß' <= r && r <= 'ÿ' && r != '÷'
}

func isUpper(r rune) bool {
	return 'A' <= r && r <= 'Z' || 'À' <= r && r <= 'Þ' && r != '×'
}

// isAlnum is \w without the underscore.
func isAlnum(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// isLetter is \w without digits and the underscore; ½ is one.
func isLetter(r rune) bool { return isAlnum(r) && !unicode.IsDigit(r) }

// isFigure is what Python's isdigit takes beyond \d: raised and lowered digits too.
func isFigure(r rune) bool {
	return unicode.IsDigit(r) || strings.ContainsRune("²³¹", r) || '⁰' <= r && r <= '₉' && unicode.IsNumber(r)
}

func isSpace(r rune) bool { return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f }

func isQuote(r rune) bool { return r == '\'' || r == '‘' || r == '’' }

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func last(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// every says that s is not empty and all of it is of a class.
func every(s string, class func(rune) bool) bool {
	for _, r := range s {
		if !class(r) {
			return false
		}
	}
	return s != ""
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
