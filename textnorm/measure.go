package textnorm

import "strings"

// sayMeasure is a rule for a number and a unit: 12kg, 3 km/h, 5 m², 2x4 cm,
// 50%. Behind a space only units that are no words count.
func sayMeasure(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !r.starts(at) || r.isDash(at-1) && r.glued(at) && r.glued(at-1) && r.kind(at-2) == wordToken { // B-52s
		return at
	}
	var sizes []numeral // of 2x4x6
	i := n.end
	for len(sizes) < 3 {
		x := r.at(i)
		if n.whole == "0" || x != "x" && x != "X" && x != "×" {
			break
		}
		next, ok := r.numeral(i + 1)
		if !ok || r.glued(i) != r.glued(i+1) {
			break
		}
		sizes = append(sizes, next)
		i = next.end
	}
	magnitude := ""
	if end := i; len(sizes) == 0 {
		if magnitude, end = r.magnitudeAt(i); magnitude != "" && len(r.at(i)) > 2 {
			i = end
		} else {
			magnitude = ""
		}
	}
	last := n
	if len(sizes) > 0 {
		last = sizes[len(sizes)-1]
	}
	u, end, ok := r.unitAt(i)
	if !ok {
		return at
	}
	g := u.gender
	if magnitude != "" {
		g = alone
	}
	r.say(at, n.end, r.numberWords(n, g))
	j := n.end
	for _, size := range sizes {
		r.say(j, j+1, r.particle.by)
		r.say(j+1, size.end, r.numberWords(size, alone))
		j = size.end
	}
	if magnitude != "" {
		r.say(j, i, magnitude)
		if r.particle.of != "" {
			r.say(j, i, r.particle.of)
		}
		last = numeral{whole: "2"}
	}
	r.say(i, end, u.of(last))
	return end
}

// unitAt reads a unit, with its exponent and what it is divided by.
func (r *reader) unitAt(at int) (unit, int, bool) {
	u, i, ok := r.simpleUnit(at)
	if !ok {
		return u, at, false
	}
	if (r.isGlued(i, "/")) && r.glued(i+1) {
		per, end, ok := r.simpleUnit(i + 1)
		if !ok {
			return u, at, false
		}
		u.one += " " + r.particle.per + " " + per.one
		u.many += " " + r.particle.per + " " + per.one
		i = end
	}
	if r.isGlued(i, ".") && r.kind(at) == wordToken && len(r.at(at)) < 4 && r.goesOnBehind(i+1) { // 5 ft. long
		i++
	}
	return u, i, r.ends(i)
}

// goesOnBehind reports whether a full stop before a token does not end the
// sentence: a small letter, a comma or a bracket is there.
func (r *reader) goesOnBehind(at int) bool {
	switch r.kind(at) {
	case wordToken:
		return r.tokens[at].space && !r.tokens[at].title
	case signToken:
		return r.glued(at) && strings.Contains(",;)", r.at(at))
	}
	return false
}

func (r *reader) simpleUnit(at int) (unit, int, bool) {
	var u unit
	var ok bool
	i := at + 1
	switch r.kind(at) {
	case wordToken:
		name := r.at(at)
		if exponent := r.powers[strings.ToLower(strings.TrimSuffix(name, "."))]; exponent > 0 && r.kind(i) != noToken {
			if r.isGlued(i, ".") {
				i++
			}
			if u, ok = r.unitNamed(r.at(i)); ok && r.kind(i) == wordToken {
				return r.power(u, exponent), i + 1, true
			}
			return u, at, false
		}
		u, ok = r.unitNamed(name)
		if ok && !r.glued(at) && r.notUnits[name] && !(len(name) > 1 && r.isGlued(i, ".")) {
			return u, at, false
		}
	case signToken:
		if r.glued(i) && r.kind(i) == wordToken { // °C
			if u, ok = r.units[r.at(at)+r.at(i)]; ok {
				i++
				break
			}
		}
		u, ok = r.units[r.at(at)]
	}
	if !ok {
		return u, at, false
	}
	exponent := 0
	switch {
	case r.isGlued(i, "²"), r.isGlued(i, "2") && r.kind(at) == wordToken:
		exponent = 2
	case r.isGlued(i, "³"), r.isGlued(i, "3") && r.kind(at) == wordToken:
		exponent = 3
	case r.isGlued(i, "^") && (r.isGlued(i+1, "2") || r.isGlued(i+1, "3")):
		exponent = atoi(r.at(i + 1))
		i++
	}
	if exponent > 0 && r.power != nil {
		u = r.power(u, exponent)
		i++
	}
	return u, i, true
}

func (l *language) unitNamed(name string) (unit, bool) {
	if u, ok := l.units[name]; ok {
		return u, true
	}
	if len(name) < 2 {
		return unit{}, false
	}
	u, ok := l.units[strings.ToLower(name)]
	return u, ok
}
