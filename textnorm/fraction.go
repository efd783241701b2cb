package textnorm

import "strings"

// vulgar are the fractions that are one character.
var vulgar = map[string][2]string{
	"½": {"1", "2"}, "⅓": {"1", "3"}, "⅔": {"2", "3"}, "¼": {"1", "4"}, "¾": {"3", "4"},
	"⅕": {"1", "5"}, "⅖": {"2", "5"}, "⅗": {"3", "5"}, "⅘": {"4", "5"}, "⅙": {"1", "6"}, "⅚": {"5", "6"},
	"⅐": {"1", "7"}, "⅛": {"1", "8"}, "⅜": {"3", "8"}, "⅝": {"5", "8"}, "⅞": {"7", "8"}, "⅑": {"1", "9"}, "⅒": {"1", "10"},
}

// sayFraction is a rule for fractions, a whole number before them or not: 1/2,
// 3 5/2, 2½, 1/4th, ½.
func sayFraction(r *reader, at int) int {
	if !r.starts(at) || r.isGlued(at, "/") {
		return at
	}
	if words, end := r.fractionAt(at); end > at {
		r.say(at, end, words)
		return r.sayUnitBehind(end, true)
	}
	n, ok := r.numeral(at)
	if !ok || n.point || !r.glued(n.end) && r.kind(n.end) != numberToken && vulgar[r.at(n.end)][0] == "" {
		return at
	}
	part := n.end
	if r.isGlued(part, "-") && r.glued(part+1) && r.isGlued(part+2, "/") && atoi(r.at(part+1)) < atoi(r.at(part+3)) && len(n.whole) < 3 {
		part++ // 2-1/2
	}
	words, end := r.fractionAt(part)
	if end == part || len(n.whole) > 6 {
		return at
	}
	r.say(at, n.end, r.cardinal(n.whole, alone))
	r.say(n.end, end, r.particle.and+" "+r.lessOne(words))
	return r.sayUnitBehind(end, false)
}

// isHyphenedUnit reports whether a hyphen and a unit's symbol are right behind a fraction,
// in a language that makes adjectives so.
func (r *reader) isHyphenedUnit(at int) bool {
	if r.determiners == nil || !r.isGlued(at, "-") || !r.glued(at+1) || r.kind(at+1) != wordToken || !r.ends(at+2) || r.isGlued(at+2, "-") || len(r.at(at+1)) < 2 {
		return false
	}
	_, isUnit := r.units[r.at(at+1)]
	return isUnit
}

// sayUnitBehind says the unit behind a fraction, if there is one.
func (r *reader) sayUnitBehind(at int, less bool) int {
	if r.isHyphenedUnit(at) { // a 15 1/2-oz. can
		r.keep(at)
		end := at + 2
		if r.isGlued(end, ".") && r.goesOnBehind(end+1) {
			end++
		}
		r.say(at+1, end, r.units[r.at(at+1)].one)
		return end
	}
	u, end, ok := r.unitAt(at)
	switch {
	case !ok:
		return at
	case less && r.particle.of != "": // un quart de litre
		r.say(at, end, r.ofWhat(u.one, unit{}))
	case less:
		r.say(at, end, u.one)
	default:
		r.say(at, end, u.many)
	}
	return end
}

// fractionAt reads a fraction without a whole number.
func (r *reader) fractionAt(at int) (words string, end int) {
	if v, ok := vulgar[r.at(at)]; ok {
		return r.fraction(v[0], v[1]), at + 1
	}
	if r.kind(at) != numberToken || !r.isGlued(at+1, "/") && !r.isGlued(at+1, "⁄") || !r.glued(at+2) || r.kind(at+2) != numberToken {
		return "", at
	}
	end = at + 3
	if _, ok := r.ordinalSuffix(at + 2); ok {
		end++
	} else if w, many := strings.CutSuffix(r.at(end), "s"); many && r.glued(end) && r.ordinalEnd != nil && len(w) == 2 { // 2/3rds
		if _, ok := r.ordinalEnd(r.at(at+2), w); ok {
			end++
		}
	}
	over, under := r.at(at), r.at(at+2)
	if n, ok := r.numeral(at + 2); ok && n.grouped && !n.point {
		under, end = n.whole, n.end
	}
	switch {
	case len(over) > longestCardinal, len(under) > longestCardinal+3, over[0] == '0' && over != "0", under[0] == '0':
		return "", at
	case !r.ends(end), r.isDecimal(end), r.isGlued(end, "/"), r.isGlued(end, "-") && (r.kind(end+1) != wordToken || len(r.at(end+1)) < 3 && !r.isHyphenedUnit(end)):
		return "", at
	}
	return r.fraction(over, under), end
}

// sayFractionSign is a rule for a fraction that is one character.
func sayFractionSign(r *reader, at int) int {
	if vulgar[r.at(at)][0] == "" {
		return at
	}
	return sayFraction(r, at)
}

// sayOrdinal is a rule for digits with an ending that makes them an ordinal:
// 21st, 29th’s.
func sayOrdinal(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || n.point || !r.starts(at) || len(n.whole) > 3*mostGroups {
		return at
	}
	g, ok := r.ordinalSuffix(n.end - 1)
	if r.raisedOrdinals && r.isSectionBefore(at) { // fig. 4a
		return at
	}
	if !ok || !r.ends(n.end+1) && r.at(n.end+1) != "’" {
		return at
	}
	_, rest, _ := cutApostrophe(r.at(n.end))
	if r.isGlued(n.end+1, ".") && r.raisedOrdinals && r.kind(n.end+2) == wordToken && !r.tokens[n.end+2].title { // 1er. capítulo
		r.say(at, n.end+2, r.ordinal(n.whole, g))
		return n.end + 2
	}
	r.say(at, n.end+1, r.ordinal(n.whole, g)+strings.ReplaceAll(rest, "’", "'"))
	return n.end + 1
}
