package textnorm

import "strings"

// sayRatio is a rule for the colon between two numbers that are no time of day:
// 2:1, 16:9, 1:100, in German 2 : 1. What is before it has been read.
func sayRatio(r *reader, at int) int {
	glued := r.glued(at) && r.glued(at+1)
	apart := r.ratioApart && !r.glued(at) && !r.glued(at+1)
	if r.at(at) != ":" || !glued && !apart || r.kind(at-1) != numberToken || r.kind(at+1) != numberToken || r.last != saidReading || !r.starts(r.lastFrom) {
		return at
	}
	if n, ok := r.numeral(at + 1); !ok || !r.ends(n.end) {
		return at
	}
	r.say(at, at+1, r.particle.ratio)
	return at + 1
}

// sayAbout is a rule for the tilde before a number: ~20.
func sayAbout(r *reader, at int) int {
	if w := r.at(at); w != "~" && w != "≈" && w != "∼" || !r.starts(at) || r.glued(at) && r.kind(at-1) == signToken && r.isSame(at-1, at) {
		return at
	}
	next := at + 1
	if _, isMoney := r.currencies[r.at(next)]; isMoney {
		next++
	}
	if r.kind(next) != numberToken || !r.glued(at+1) {
		return at
	}
	r.say(at, at+1, r.particle.around)
	return at + 1
}

// sayTimes is a rule for the asterisk or the cross between numbers: 2 * 3, 4x3.
func sayTimes(r *reader, at int) int {
	switch r.at(at) {
	case "*", "·", "⋅":
	default:
		return at
	}
	if !r.isFactor(at-1) || !r.isFactor(at+1) || r.glued(at) != r.glued(at+1) {
		return at
	}
	r.say(at, at+1, r.particle.times)
	return at + 1
}

// isFactor reports whether a token is a number, or a letter that may stand for one.
func (r *reader) isFactor(at int) bool {
	return r.kind(at) == numberToken || r.kind(at) == wordToken && len(r.at(at)) == 1
}

// sayVerse is a rule for chapter and verse behind the name of a book: John 3:16.
func sayVerse(r *reader, at int) int {
	before := at - 1
	if r.at(before) == "." {
		before--
	}
	if !r.isGlued(at+1, ":") || !r.glued(at+2) || r.kind(at+2) != numberToken || r.kind(before) != wordToken || !r.tokens[before].title || !r.books[strings.ToLower(r.at(before))] {
		return at
	}
	r.say(at, at+1, r.cardinal(r.at(at), alone))
	r.say(at+1, at+3, r.cardinal(r.at(at+2), alone))
	return at + 3
}

// sayPort is a rule for a machine and the port behind it: localhost:3000.
func sayPort(r *reader, at int) int {
	if !r.isGlued(at+1, ":") || !r.glued(at+2) || r.kind(at+2) != numberToken || !r.ends(at+3) {
		return at
	}
	r.keep(at)
	r.say(at+1, at+2, r.particle.colon)
	r.say(at+2, at+3, r.digitsOf(r.at(at+2)))
	return at + 3
}
