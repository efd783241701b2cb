package textnorm

import "strings"

// Units that are made of others, as science writes them: N·m, kg·m²/s, m·s⁻¹, km.h-1,
// W/(m·K).

// mostFactors bounds the units that one is the product of.
const mostFactors = 3

// unitFactors reads the units that a unit, which ends before a token, is multiplied
// with or divided by, by a point or an exponent below zero.
func (r *reader) unitFactors(u unit, at int) (unit, int) {
	if end := r.dividedEnd(at, false); end > at && u.forms == nil { // 3000 min⁻¹
		u.one, u.many, at = r.particle.per+" "+u.one, r.particle.per+" "+u.one, end
	}
	for range mostFactors {
		next := at + 1
		isProduct := (r.isGlued(at, "·") || r.isGlued(at, "⋅")) && r.glued(next)
		switch {
		case isProduct, r.isGlued(at, ".") && r.glued(next):
		case r.kind(at) == wordToken && !r.glued(at): // m s⁻¹
			next = at
		default:
			return u, at
		}
		factor, end, ok := r.simpleUnit(next)
		if name := r.divisors[r.at(next)]; !ok && isProduct && name != "" { // kWh/(m²·a)
			factor, end, ok = unit{one: name, many: name}, next+1, true
		}
		if !ok || u.forms != nil || factor.forms != nil {
			return u, at
		}
		if divided := r.dividedEnd(end, next > at); divided > end {
			if power := divided - 1; r.power != nil && (r.at(power) == "²" || r.at(power) == "2") {
				factor = r.power(factor, 2)
			} else if r.power != nil && (r.at(power) == "³" || r.at(power) == "3") {
				factor = r.power(factor, 3)
			}
			u, at = r.unitPer(u, factor), divided
			continue
		}
		if !isProduct || r.product == nil {
			return u, at
		}
		u, at = r.product(u, factor), end
	}
	return u, at
}

// dividedEnd is the token behind an exponent from minus one to minus three, raised or,
// if that is asked for, on the line; at if there is none.
func (r *reader) dividedEnd(at int, onLine bool) int {
	digits := "¹²³"
	switch {
	case r.isGlued(at, "⁻"):
	case onLine && (r.isGlued(at, "-") || r.isGlued(at, "−")):
		digits = "123"
	default:
		return at
	}
	for _, d := range digits {
		if r.isGlued(at+1, string(d)) && !r.glued(at+2) || r.isGlued(at+1, string(d)) && r.ends(at+2) {
			return at + 2
		}
	}
	return at
}

// unitPer is a unit divided by another.
func (l *language) unitPer(u, per unit) unit {
	u.one += " " + l.particle.per + " " + per.one
	u.many += " " + l.particle.per + " " + per.one
	return u
}

// divisor reads the unit behind a slash.
func (r *reader) divisor(at int) (unit, int, bool) {
	if u, end, ok := r.simpleUnit(at); ok {
		return u, end, true
	}
	if name := r.divisors[r.at(at)]; name != "" && (r.ends(at+1) || r.isGlued(at+1, "/")) { // kWh/a
		return unit{one: name, many: name}, at + 1, true
	}
	return r.bracketedUnit(at)
}

// wordDivisor reads a word behind a slash that is no unit of the tables: kg/day.
func (r *reader) wordDivisor(at int) (unit, int, bool) {
	w := r.at(at)
	if r.kind(at) != wordToken || len(w) < 3 || !r.ends(at+1) && !r.isGlued(at+1, "/") || r.isLinking(w) {
		return unit{}, at, false
	}
	return unit{one: w, many: w}, at + 1, true
}

// bracketedUnit reads a product of units in brackets, as what another is divided by:
// W/(m·K).
func (r *reader) bracketedUnit(at int) (unit, int, bool) {
	if !r.isGlued(at, "(") || !r.glued(at+1) {
		return unit{}, at, false
	}
	u, end, ok := r.simpleUnit(at + 1)
	if !ok {
		return unit{}, at, false
	}
	if u, end = r.unitFactors(u, end); !r.isGlued(end, ")") {
		return unit{}, at, false
	}
	return u, end + 1, true
}

// wholeUnit reads a unit of which the table has what is around its mark: U/min, y/o,
// ft-lb, dB(A).
func (r *reader) wholeUnit(at int) (unit, int) {
	if r.kind(at) != wordToken || !r.glued(at+1) || !r.glued(at+2) || r.kind(at+2) != wordToken || len(r.at(at+2)) > 3 {
		return unit{}, at
	}
	switch r.at(at + 1) {
	case "/", "-", "·":
		if u, ok := r.units[r.at(at)+r.at(at+1)+r.at(at+2)]; ok {
			return u, at + 3
		}
	case "(":
		if u, ok := r.units[r.at(at)+"("+r.at(at+2)+")"]; ok && r.isGlued(at+3, ")") {
			return u, at + 4
		}
	}
	return unit{}, at
}

// isDivided reports whether the letters at a token are certainly a unit, since they
// have an exponent or are divided by another unit: 5 in², 5 J/kg.
func (r *reader) isDivided(at int) bool {
	i := at + 1
	if r.isGlued(i, "²") || r.isGlued(i, "³") {
		return true
	}
	if r.isGlued(i, "/") && r.isGlued(i+1, "(") {
		i++
	} else if !r.isGlued(i, "/") && !r.isGlued(i, "·") {
		return false
	}
	if !r.glued(i+1) || r.kind(i+1) != wordToken {
		return false
	}
	_, isUnit := r.unitNamed(r.at(i + 1))
	isUnit = isUnit || r.divisors[r.at(i+1)] != ""
	return isUnit && (len(r.at(i+1)) > 1 || strings.Contains("shmgK", r.at(i+1))) && (r.ends(i+2) || strings.Contains("²³·", r.at(i+2)))
}

// firstAlike is the product of two units of which only the last shows how many there are.
func firstAlike(u, by unit) unit {
	return unit{one: u.one + " " + by.one, many: u.one + " " + by.many, gender: by.gender}
}
