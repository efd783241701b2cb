// Package textnorm prepares written text for a voice: it finds the sentences
// and cleans them, keeping the way back to the source.
//
// Split a text with [Sentences], pass over what is not [Speakable], and give
// each sentence through [Clean] to an engine. The functions have no state and
// take time proportional to the length of the text, whatever it holds.
package textnorm

import "unicode"

// Speakable reports whether text has anything to speak: a letter, a digit or a
// symbol that has a name, such as "%" or an emoji. Punctuation and white space
// alone have nothing.
func Speakable(text string) bool {
	for _, c := range text {
		switch {
		case c < 0x80:
			if ascii[c]&(letter|digit|named) != 0 {
				return true
			}
		case unicode.In(c, unicode.L, unicode.N, unicode.S):
			if c != unicode.ReplacementChar {
				return true
			}
		}
	}
	return false
}

// class is what is asked of characters here, as bits.
type class uint8

const (
	letter class = 1 << iota
	upper
	digit
	named // a symbol that is read by its name
	blank
)

// ascii are the classes of the ASCII characters.
var ascii = func() (table [0x80]class) {
	for c := range rune(0x80) {
		switch {
		case unicode.IsUpper(c):
			table[c] = letter | upper
		case unicode.IsLetter(c):
			table[c] = letter
		case unicode.IsDigit(c):
			table[c] = digit
		case unicode.IsSpace(c):
			table[c] = blank
		}
	}
	for _, c := range "#$%&*+/<=>@^`|~" {
		table[c] = named
	}
	return table
}()
