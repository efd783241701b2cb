package textnorm

import "strings"

// English rules for numbers with a unit that a hyphen joins, and for short forms that
// need a number, or each other, around them.

// sayHyphenedUnit is a rule for a quantity that a hyphen makes an adjective: a 14-oz
// can, a 5-lb. bag, a 9x13-in. pan. Single letters need a word behind them.
func sayHyphenedUnit(r *reader, at int) int {
	n, ok := r.quantity(at)
	if !ok || !r.starts(at) || r.glued(at) && (r.isDash(at-1) || r.at(at-1) == "/") {
		return at
	}
	size, i := n, n.end
	isSize := isCross(r.at(i)) && r.glued(i)
	if isSize {
		if size, ok = r.quantity(i + 1); !ok || !r.glued(i+1) {
			return at
		}
		i = size.end
	}
	symbol := i + 1
	if !r.isGlued(i, "-") || !r.glued(symbol) || r.kind(symbol) != wordToken {
		return at
	}
	u, ok := r.units[r.at(symbol)]
	end := symbol + 1
	isAge := r.isGlued(end+btoi(r.isGlued(end, ".")), "-") && r.at(end+1+btoi(r.isGlued(end, "."))) == "old" // 35-yr.-old
	if stop := r.isGlued(end, "."); stop && (r.goesOnBehind(end+1) || r.isGlued(end+1, ")") || isAge) {
		end++
	} else if stop && r.kind(end+1) != noToken {
		return at
	}
	next := r.kind(end) == wordToken && !r.glued(end) && !r.tokens[end].title
	if !ok || r.glued(end) && !r.ends(end) || r.isDash(end) && r.glued(end) && !isAge || len(r.at(symbol)) == 1 && !(next && strings.Contains("mgLWVh", r.at(symbol))) {
		return at
	}
	r.say(at, n.end, r.numberWords(n, alone))
	if isSize {
		r.say(n.end, n.end+1, r.particle.by)
		r.say(n.end+1, size.end, r.numberWords(size, alone))
	}
	r.keep(i)
	r.say(symbol, end, u.one)
	return end
}

// sayCups is a rule for the cups of recipes: 2 c. flour, 1/2 c. milk.
func sayCups(r *reader, at int) int {
	whole := at - 1 // the number before, or what is before the fraction
	isFraction := vulgar[r.at(at-1)][0] != "" || r.isGlued(at-2, "/")
	if isFraction {
		whole = at - 2 - 2*btoi(r.kind(at-1) == numberToken)
	} else if r.kind(whole) != numberToken {
		return at
	}
	if r.glued(at) || !r.isGlued(at+1, ".") || r.at(at+2) != "(" && (r.kind(at+2) != wordToken || !r.goesOnBehind(at+2)) {
		return at
	}
	words := "cups"
	if isFraction && r.kind(whole) != numberToken || !isFraction && r.at(whole) == "1" {
		words = "cup"
	}
	r.say(at, at+2, words)
	return at + 2
}

// overs are the times that are compared with the ones before: 2.1% y/y.
var overs = map[string]string{"y": "year over year", "q": "quarter over quarter", "m": "month over month", "w": "week over week"}

// sayOverTime is a rule for y/y, q/q and m/m.
func sayOverTime(r *reader, at int) int {
	if !r.starts(at) || !r.isGlued(at+1, "/") || !r.glued(at+2) || !strings.EqualFold(r.at(at), r.at(at+2)) || !r.ends(at+3) || r.isGlued(at+3, "/") {
		return at
	}
	r.say(at, at+3, overs[strings.ToLower(r.at(at))])
	return at + 3
}

// primed are words behind the ends of a strand of DNA: the 3' end, 5' UTR.
var primed = set("end ends utr overhang overhangs flank flanking cap exonuclease terminus")

// sayPrime is a rule for the mark behind a number that is neither feet nor a quote: the
// end of a strand of DNA, a minute of a match (45+2', after 90').
func sayPrime(r *reader, at int) int {
	w := r.at(at)
	if !r.isGlued(at+1, "'") && !r.isGlued(at+1, "′") && !r.isGlued(at+1, "’") || !r.ends(at+2) {
		return at
	}
	strand := r.isGlued(at+2, "-") && r.glued(at+3) && r.kind(at+3) == wordToken && r.tokens[at+3].caps || r.isGlued(at-1, "-") && r.glued(at) && r.kind(at-2) == wordToken && r.tokens[at-2].caps // 5'-ATG-3'
	if (w == "3" || w == "5") && (strand || primed[strings.ToLower(r.at(at+2))]) {
		r.say(at, at+1, r.cardinal(w, alone))
		r.say(at+1, at+2, "prime")
		return at + 2
	}
	added := r.isGlued(at-1, "+") && r.glued(at) && r.kind(at-2) == numberToken
	if !added && (w != "90" && w != "120" && w != "45" || r.at(at-1) != "after" && r.at(at-1) != "in") {
		return at
	}
	r.say(at, at+2, r.cardinal(w, alone)+" minutes")
	return at + 2
}

// standards are those whose numbers have parts behind a hyphen.
var standards = set("iso iec din en ansi ieee nist astm fips bs iso/iec une nf uni")

// sayStandard is a rule for the number of a standard and its part: ISO 8859-1. It is
// for all languages.
func sayStandard(r *reader, at int) int {
	if !standards[strings.ToLower(r.at(at-1))] || r.kind(at-1) != wordToken || !r.tokens[at-1].caps || !r.isGlued(at+1, "-") || !r.glued(at+2) || r.kind(at+2) != numberToken || len(r.at(at)) < 3 || len(r.at(at)) > 6 || r.at(at)[0] == '0' {
		return at
	}
	r.say(at, at+1, r.cardinal(r.at(at), alone))
	end := at + 1
	for end < at+7 && r.isGlued(end, "-") && r.glued(end+1) && r.kind(end+1) == numberToken {
		r.say(end, end+1, r.particle.dash)
		r.say(end+1, end+2, r.cardinal(r.at(end+1), alone))
		end += 2
	}
	return end
}

// sayGluedDegrees is a rule for temperatures without the sign of degrees, which are so
// by a minus or by decimals: -5F, 1.5C.
func sayGluedDegrees(r *reader, at int) int {
	n, ok := r.numeral(at)
	letter := r.at(n.end)
	if !ok || letter != "C" && letter != "F" || !r.glued(n.end) || !r.ends(n.end+1) || r.isGlued(n.end+1, "-") || !n.point && !r.isMinus(at-1) || !r.starts(at) {
		return at
	}
	r.say(at, n.end, r.numberWords(n, alone))
	r.say(n.end, n.end+1, r.form(r.units["°"+letter], n))
	return n.end + 1
}
