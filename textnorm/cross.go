package textnorm

import (
	"strings"
	"unicode/utf8"
)

// Sizes of more parts or more digits are something else.
const (
	mostSizes   = 4
	longestSize = 5 // digits
)

// sayCross is a rule for the cross between numbers without a unit: a 2x4, 3×3,
// 2x4x6, 1920x1080, 4 x 4. It is a size, before an equals sign a product, and in
// Brazil the result of a game.
func sayCross(r *reader, at int) int {
	if r.cross == "" || !r.starts(at) {
		return at
	}
	end, isGame := at+1, true
	for end < at+2*mostSizes && isCross(r.at(end)) && r.glued(end) == r.glued(end+1) && r.kind(end+1) == numberToken {
		isGame = isGame && len(r.at(end-1)) <= 2 && len(r.at(end+1)) <= 2 && r.at(end) != "×"
		if len(r.at(end-1)) > longestSize || len(r.at(end+1)) > longestSize {
			return at
		}
		end += 2
	}
	if end == at+1 || !r.ends(end) && r.at(end) != "=" || isCross(r.at(end)) || r.isDecimal(end) || r.isGlued(end, "^") {
		return at
	}
	if r.at(at+1) == "×" && !r.glued(at+1) || r.glued(at+1) && r.at(at)[0] == '0' && !r.crossIsGame { // 5 × 3, 0x10
		return at
	}
	if _, _, isUnit := r.unitAt(end); isUnit {
		return at
	}
	cross := r.particle.by
	switch {
	case r.at(end) == "=":
		cross = r.particle.times
	case isGame && end == at+3:
		cross = r.cross
	}
	for i := at; i < end; i += 2 {
		if i > at {
			r.say(i-1, i, cross)
		}
		r.say(i, i+1, r.cardinal(r.at(i), alone))
	}
	return end
}

// sayTimesOver is a rule for a number and a cross before words that compare or
// repeat, 4x faster, 2x a day; in German whatever follows.
func sayTimesOver(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !r.starts(at) || !r.glued(n.end) || r.at(n.end) != "x" && r.at(n.end) != "×" {
		return at
	}
	next := n.end + 1
	if per := next + 1; r.isGlued(next, "/") && r.glued(per) && r.kind(per) == wordToken && len(r.at(per)) > 2 && r.ends(per+1) && r.timesOver.one != "" { // 3x/day
		r.say(at, next, r.counted(n, r.timesOver))
		r.say(next, per, r.particle.per)
		r.keep(per)
		return per + 1
	}
	if !r.ends(next) {
		return at
	}
	if r.timesOver.one == "" || r.glued(next) && r.kind(next) != signToken || r.compared != nil && !r.compared[strings.ToLower(r.at(next))] {
		return at
	}
	if r.compared == nil && at == 0 && r.kind(next) == noToken { // a zoom, a factor: 10x
		return at
	}
	if c, _ := utf8.DecodeRuneInString(r.at(next)); r.signs[c] != "" || c == '-' { // 2x + 3
		return at
	}
	r.say(at, n.end+1, r.counted(n, r.timesOver))
	return n.end + 1
}
