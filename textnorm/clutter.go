package textnorm

import (
	"strings"
	"unicode/utf8"
)

// Clutter is a piece without white space that is long and chopped: of more tokens
// than these, which have few letters on average. No list, sum, address or row of a
// table that somebody wrote to be read aloud is like that: it means nothing as a
// whole, so its numbers, words and signs are read one by one, without asking for
// each what it could be with what is around.
const (
	leastClutter     = 100
	leastSigns       = 16 // if signs are all that is in it, and none of markup
	lettersInClutter = 2
)

// markup are the signs of Markdown's emphasis, code and tables.
var markup = bytesOf("*_~`|")

// readPiece reads what is left of a piece without white space, from a token on, and
// returns the token behind it.
func (r *reader) readPiece(at int) int {
	end := r.pieceEnd(at)
	if !r.isClutter(at, end) {
		for at < end {
			at = r.readOne(at)
		}
		return at
	}
	// It may begin with something that has an end, such as an address in brackets.
	if r.tokens[at].kind == signToken {
		at = r.readOne(at)
	}
	if at < end {
		at = r.readOne(at)
	}
	for at < end {
		at = r.readClutter(at)
	}
	return at
}

// pieceEnd is the token behind the piece without white space in which a token is.
func (r *reader) pieceEnd(at int) int {
	end := at + 1
	for end < len(r.tokens) && !r.tokens[end].space && r.tokens[end].kind != fixedToken {
		end++
	}
	return end
}

// isClutter reports whether a piece is clutter.
func (r *reader) isClutter(at, end int) bool {
	if end-at <= leastSigns {
		return false
	}
	letters, signs, isMarked := 0, 0, false
	for _, t := range r.tokens[at:end] {
		switch t.kind {
		case wordToken:
			letters += t.End - t.Start
		case signToken:
			signs++
			isMarked = isMarked || markup[r.text[t.Start]]
		}
	}
	if signs == end-at {
		return !isMarked
	}
	return end-at > leastClutter && letters <= lettersInClutter*(end-at)
}

// readClutter reads one token by itself, or a number with its groups and decimals.
func (r *reader) readClutter(at int) int {
	r.looked++
	switch r.tokens[at].kind {
	case wordToken:
	case numberToken:
		if next := r.readPlainNumber(at); next > at {
			return next
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

// readPlainNumber reads a number, as the last of its rules does, which is for numbers
// of which nothing is known but themselves.
func (r *reader) readPlainNumber(at int) int {
	last := r.numberRules[max(0, len(r.numberRules)-1):] // none in a language without rules
	digits := r.at(at)
	words := r.smallCardinal(digits)
	switch {
	case r.isForRules(at + 1): // 1½
		return r.readOne(at)
	case words == "", len(digits) > 1 && digits[0] == '0', r.mayBeGrouped(at + 1):
		return r.try(last, at)
	}
	r.say(at, at+1, words)
	end := at + 1
	if r.isDecimal(end) && !r.isDecimal(end+2) { // 1.2.3 has none
		r.say(end, end+1, r.particle.point)
		r.say(end+1, end+2, r.decimals(r.at(end+1)))
		end += 2
	}
	r.note(at, end, last[0])
	return end
}

// mayBeGrouped reports whether the sign at a token may stand between groups of digits.
func (r *reader) mayBeGrouped(at int) bool {
	return r.glued(at) && r.glued(at+1) && r.tokens[at].kind == signToken && r.tokens[at+1].kind == numberToken &&
		r.tokens[at+1].End-r.tokens[at+1].Start == 3 && strings.Contains(r.group, r.at(at))
}

// readPlainSign says the name of a sign, if it has one. It returns at if the sign is kept as it is.
func (r *reader) readPlainSign(at int) int {
	t := &r.tokens[at]
	if r.isForRules(at) || isLineSign(rune(r.text[t.Start])) && r.glued(at+1) && r.text[t.Start] == r.text[t.End] {
		return r.readOne(at)
	}
	name := ""
	switch c, _ := utf8.DecodeRuneInString(r.text[t.Start:]); {
	case c == '.' && r.kind(at-1) == numberToken && r.kind(at+1) == numberToken:
		name = r.particle.dot
	case c < utf8.RuneSelf:
		name = r.signNames[c]
	case isAccent(c) && r.names.byText != nil: // it stands on nothing
		r.drop(at, at+1)
		r.note(at, at+1, saySign)
		return at + 1
	default:
		name = r.signs[c]
	}
	if name == "" {
		return at
	}
	r.say(at, at+1, name)
	r.note(at, at+1, saySign)
	return at + 1
}

// isForRules reports whether a token is a sign that only rules know: ½, emoji.
func (r *reader) isForRules(at int) bool {
	if at == len(r.tokens) || r.tokens[at].kind != signToken {
		return false
	}
	t := &r.tokens[at]
	if r.text[t.Start] < utf8.RuneSelf {
		return false
	}
	c, _ := utf8.DecodeRuneInString(r.text[t.Start:])
	return !isProseMark(c) && !isAccent(c) && r.signs[c] == ""
}
