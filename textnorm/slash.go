package textnorm

import "strings"

// What a slash parts that is no fraction, no date and no unit.

// sayAndOr is a rule for the slash of and/or, which is not said.
func sayAndOr(r *reader, at int) int {
	if r.at(at) != "/" || !r.glued(at) || r.particle.or == "" || !r.glued(at+1) || !strings.EqualFold(r.at(at+1), r.particle.or) || !strings.EqualFold(r.at(at-1), r.particle.and) {
		return at
	}
	r.say(at, at+2, r.particle.or)
	return at + 2
}

// saySections is a rule for §§, the plural of §.
func saySections(r *reader, at int) int {
	if r.at(at) != "§" || !r.isGlued(at+1, "§") || r.particle.sections == "" {
		return at
	}
	r.say(at, at+2, r.particle.sections)
	return at + 2
}

// sayAllDay is a rule for 24h/24 and 7j/7.
func sayAllDay(r *reader, at int) int {
	if r.particle.out == "" || !r.isGlued(at+2, "/") || r.at(at) != r.at(at+3) || r.kind(at+1) != wordToken || !r.starts(at) || !r.ends(at+4) {
		return at
	}
	u, ok := r.units[r.at(at+1)]
	if !ok {
		return at
	}
	n := numeral{whole: r.at(at)}
	r.say(at, at+2, r.counted(n, u))
	r.say(at+2, at+4, r.particle.out+" "+r.cardinal(n.whole, alone))
	return at + 4
}

// sayPair is a rule for pairs of numbers that are no fractions: 24/7, 9/11,
// 50/50, the years 2019/20.
func sayPair(r *reader, at int) int {
	a, b := r.at(at), r.at(at+2)
	if !r.starts(at) || r.isGlued(at, "/") || !r.isGlued(at+1, "/") || !r.glued(at+2) || r.kind(at+2) != numberToken || !r.ends(at+3) || r.isGlued(at+3, "/") {
		return at
	}
	years := len(a) == 4 && a >= "1000" && a <= "2999" && len(b) == 2 && (atoi(a)+1)%100 == atoi(b)
	if r.dayFirst && !r.ordinalPower && len(b) == 4 && b >= "1900" && b <= "2099" && len(a) < 5 && a[0] != '0' { // Nr. 12/2020
		r.say(at, at+1, r.cardinal(a, alone))
		r.say(at+1, at+3, r.year(b))
		return at + 3
	}
	whole := len(a) == 2 && len(b) == 2 && atoi(a)+atoi(b) == 100                                                                            // 80/20
	whole = whole || len(a) == 2 && len(b) == 2 && atoi(a)+1 == atoi(b) && r.kind(at-1) == wordToken && r.tokens[at-1].title && !r.glued(at) // Windows 10/11
	if !years && !whole && (len(a) > 3 || a+"/"+b != "24/7" && a+"/"+b != "9/11" && (a != b || len(a) < 2)) {
		return at
	}
	r.say(at, at+1, r.year(a))
	r.say(at+1, at+3, r.year(b))
	return at + 3
}
