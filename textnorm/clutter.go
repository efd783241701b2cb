package textnorm

import (
	"strings"
	"unicode/utf8"
)

// Clutter is a piece without white space that is long and chopped: of more tokens
// than these, with few bytes in each on average. No list, sum, address or row of a
// table that somebody wrote to be read aloud is like that: it means nothing as a
// whole, so its numbers, words and signs are read one by one, without asking for
// each what it could be with what is around.
const (
	leastClutter    = 128
	leastSigns      = 16 // if there are neither words nor numbers
	bytesForClutter = 3
)

// readPiece reads what is left of a piece without white space, from a token on, and
// returns the token behind it.
func (r *reader) readPiece(at int) int {
	least := leastSigns
	end := at
	for first := true; end < len(r.tokens) && (first || !r.tokens[end].space && r.tokens[end].kind != fixedToken); end++ {
		first = false
		if r.tokens[end].kind != signToken {
			least = leastClutter
		}
	}
	isClutter := end-at > least && r.tokens[end-1].End-r.tokens[at].Start <= bytesForClutter*(end-at)
	for read := 0; at < end; read++ {
		// The first of it may be something whose end is near: an address in brackets.
		if isClutter && read >= 2 {
			at = r.readClutter(at)
		} else {
			at = r.readOne(at)
		}
	}
	return at
}

// readClutter reads one token by itself, or a number with its groups and decimals.
func (r *reader) readClutter(at int) int {
	r.looked++
	switch r.tokens[at].kind {
	case wordToken:
	case numberToken:
		if len(r.numberRules) > 0 {
			return r.readPlainNumber(at)
		}
	default:
		if next := r.readPlainSign(at); next > at {
			return next
		}
	}
	r.keep(at)
	r.note(at, at+1, nil)
	return at + 1
}

// readPlainNumber reads a number by the last of its rules, which is for numbers of which
// nothing is known but themselves.
func (r *reader) readPlainNumber(at int) int {
	t := &r.tokens[at]
	last := r.numberRules[len(r.numberRules)-1:]
	digits := r.text[t.Start:t.End]
	if words := r.smallCardinal(digits); words != "" && (digits[0] != '0' || len(digits) == 1) && !r.mayGoOn(at+1) {
		r.say(at, at+1, words)
		r.note(at, at+1, last[0])
		return at + 1
	}
	return r.try(last, at)
}

// mayGoOn reports whether the sign at a token may be the decimal mark, or the mark
// between groups, of the number before it.
func (r *reader) mayGoOn(at int) bool {
	if !r.glued(at) || !r.glued(at+1) || r.tokens[at].kind != signToken || r.tokens[at+1].kind != numberToken {
		return false
	}
	mark := r.at(at)
	if mark == r.decimal {
		return r.kind(at+3) != numberToken || r.at(at+2) != mark // 1.2.3 has none
	}
	return len(r.at(at+1)) == 3 && strings.Contains(r.group, mark)
}

// readPlainSign says the name of a sign, if it has one. It returns at if the sign is kept as it is.
func (r *reader) readPlainSign(at int) int {
	c, _ := utf8.DecodeRuneInString(r.text[r.tokens[at].Start:])
	if at+1 < len(r.tokens) && r.text[r.tokens[at].Start] == r.text[r.tokens[at+1].Start] {
		return r.readOne(at) // it may be a line
	}
	name := ""
	switch {
	case c == '.' && r.kind(at-1) == numberToken && r.kind(at+1) == numberToken:
		name = r.particle.dot
	case c < utf8.RuneSelf:
		name = r.signNames[c]
	case !isProseMark(c):
		if name = r.signs[c]; name == "" {
			return r.readOne(at)
		}
	}
	if name == "" {
		return at
	}
	r.say(at, at+1, name)
	r.note(at, at+1, saySign)
	return at + 1
}
