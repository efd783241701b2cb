package textnorm

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// names are what characters and sequences of them are called, of which the
// longest that fits counts. Skin tones and the marks that choose between text
// and picture are passed over.
type names struct {
	byText  map[string]string
	first   map[rune]bool // the characters at which they begin
	longest int           // bytes
}

// readNames reads a table of names.
func readNames(file string) names {
	n := names{byText: make(map[string]string), first: make(map[rune]bool)}
	for _, row := range table(file, 2) {
		c, _ := utf8.DecodeRuneInString(row[0])
		n.first[c] = true
		n.byText[row[0]] = row[1]
		n.longest = max(n.longest, len(row[0]))
	}
	return n
}

// find is the name of the longest known sequence at the beginning of text, and
// the length of the sequence.
func (n names) find(text string) (name string, length int) {
	if c, _ := utf8.DecodeRuneInString(text); !n.first[c] {
		return "", 0
	}
	var key [64]byte
	size := 0
	for i := 0; i < min(len(text), 2*len(key)) && size < n.longest; {
		c, width := utf8.DecodeRuneInString(text[i:])
		if c < utf8.RuneSelf || size+width > len(key) {
			break
		}
		switch {
		case c >= 0xFE00 && c <= 0xFE0F, size > 0 && c >= 0x1F3FB && c <= 0x1F3FF:
			if i == length && length > 0 {
				length += width
			}
			i += width
			continue
		}
		size += copy(key[size:], text[i:i+width])
		i += width
		if found, ok := n.byText[string(key[:size])]; ok {
			name, length = found, i
		}
	}
	return name, length
}

// sayName is a rule for emoji and symbols that the table of names has.
func sayName(r *reader, at int) int {
	name, length := r.names.find(r.text[r.tokens[at].Start:])
	if name == "" {
		return at
	}
	end := at
	for end < len(r.tokens) && r.tokens[end].kind != fixedToken && r.tokens[end].End <= r.tokens[at].Start+length {
		end++
	}
	if end == at || r.tokens[end-1].End != r.tokens[at].Start+length {
		return at
	}
	c, size := utf8.DecodeRuneInString(r.at(at))
	if own := r.signs[c]; own != "" && length-size <= len("\uFE0F") { // the character alone
		name = own
	}
	r.say(at, end, name)
	return end
}

// saySign is the last rule for characters that are neither letters nor ASCII
// digits: it says their name, keeps punctuation, reads what Unicode says they
// stand for, and drops what is left.
func saySign(r *reader, at int) int {
	c, _ := utf8.DecodeRuneInString(r.at(at))
	if r.isLine(at, c) {
		r.drop(at, at+1)
		return at + 1
	}
	if name := r.signs[c]; name != "" {
		r.say(at, at+1, name)
		return at + 1
	}
	if unicode.IsPunct(c) {
		r.keep(at)
		return at + 1
	}
	if c >= utf8.RuneSelf {
		if digit, ok := digitValue(c); ok {
			r.say(at, at+1, r.particle.digit[digit])
			return at + 1
		}
		if unicode.In(c, unicode.N, unicode.S) && !norm.NFKC.IsNormalString(r.at(at)) {
			plain := norm.NFKC.String(r.at(at))
			if words := r.Normalizer().Sentence(plain, nil).Text; words != "" {
				r.say(at, at+1, words)
				return at + 1
			}
		}
	}
	r.drop(at, at+1)
	return at + 1
}

// Normalizer is one that reads the same language.
func (l *language) Normalizer() *Normalizer { return &Normalizer{l} }

// isLineSign reports whether lines are drawn with a sign.
func isLineSign(c rune) bool {
	return c < utf8.RuneSelf && strings.IndexByte("=*#+~_-<>|", byte(c)) >= 0
}

// isLine reports whether a sign is part of a line drawn with it (=====) or an
// ornament (* * *): a sign that repeats three times.
func (r *reader) isLine(at int, c rune) bool {
	if !isLineSign(c) {
		return false
	}
	same := func(i int) bool { return r.kind(i) == signToken && r.isSame(i, at) }
	return same(at-1) && same(at+1) || same(at+1) && same(at+2) || same(at-1) && same(at-2)
}

// digits are the first of each ten decimal digits outside ASCII.
var digitRanges = sync.OnceValue(func() []unicode.Range32 {
	var all []unicode.Range32
	for _, x := range unicode.Nd.R16 {
		all = append(all, unicode.Range32{Lo: uint32(x.Lo), Hi: uint32(x.Hi), Stride: 1})
	}
	return append(all, unicode.Nd.R32...)
})

// digitValue is the value of a decimal digit of any script.
func digitValue(c rune) (int, bool) {
	if !unicode.IsDigit(c) {
		return 0, false
	}
	for _, x := range digitRanges() {
		if uint32(c) >= x.Lo && uint32(c) <= x.Hi {
			return int(uint32(c)-x.Lo) % 10, true
		}
	}
	return 0, false
}
