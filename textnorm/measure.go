package textnorm

import (
	"strings"

	"golang.org/x/text/feature/plural"
)

// sayMeasure is a rule for a number and a unit: 12kg, 3 km/h, 5 m², 2x4 cm,
// 50%. Behind a space only units that are no words count.
func sayMeasure(r *reader, at int) int {
	n, ok := r.quantity(at)
	if !ok || !r.starts(at) || r.last == saidMark && r.isDash(at-1) && r.glued(at) && r.glued(at-1) && r.kind(at-2) == wordToken { // B-52s
		return at
	}
	var sizes []numeral // of 2x4x6
	i := n.end
	for len(sizes) < 3 {
		x := r.at(i)
		if n.whole == "0" || x != "x" && x != "X" && x != "×" {
			break
		}
		next, ok := r.quantity(i + 1)
		if !ok || r.glued(i) != r.glued(i+1) {
			break
		}
		sizes = append(sizes, next)
		i = next.end
	}
	var magnitude unit
	if end := i; len(sizes) == 0 {
		if magnitude, end = r.magnitudeAt(i); magnitude.one != "" && len(r.at(i)) > 2 {
			i = end
		} else {
			magnitude = unit{}
		}
	}
	last := n
	if len(sizes) > 0 {
		last = sizes[len(sizes)-1]
	}
	u, end, ok := r.unitAt(i)
	if !ok || len(r.at(i)) == 1 && end == i+1 && (r.at(i) >= "A" && r.at(i) <= "Z" || !r.glued(i) && strings.Contains("ghl", r.at(i))) && r.isNamed(at) || r.isGlued(i, "K") && len(n.whole) == 1 && !n.point { // 4K is a format
		return at
	}
	if r.isAdjective(at, end) {
		u.many = u.one
	}
	if magnitude.one != "" {
		r.say(at, i, r.counted(n, magnitude))
		r.say(i, end, r.ofWhat(u.many, magnitude))
		return end
	}
	r.say(at, n.end, r.numberWords(n, u.gender))
	j := n.end
	for _, size := range sizes {
		r.sayOrKeep(j, j+1, r.particle.by)
		r.say(j+1, size.end, r.numberWords(size, alone))
		j = size.end
	}
	name := r.form(u, last)
	if last.isRoundMillion() {
		name = r.ofWhat(name, unit{})
	}
	r.say(i, end, name)
	return end
}

// isNamed reports whether a number is a name that a letter may be part of: Exit
// 12A, 00:1A:2B.
func (r *reader) isNamed(at int) bool {
	return r.glued(at) && r.at(at-1) == ":" || r.kind(at-1) == wordToken && r.tokens[at-1].title && !r.glued(at) && nounsOfNames[strings.ToLower(r.at(at-1))]
}

var nounsOfNames = set(`exit room gate seat row unit apartment apt suite flat section figure fig table chapter bus line route highway hwy flight platform track block
	building house step version model type class size level floor zone district zimmer raum gleis klasse hausnummer linie sitz reihe haus porte salle ligne sala puerta línea fila`)

// isLinking reports whether a word is no noun that a unit may be divided by.
func (l *language) isLinking(w string) bool {
	return l.function[w] || w == l.particle.and || w == l.particle.or
}

// unitAt reads a unit, with its exponent and what it is divided by.
func (r *reader) unitAt(at int) (unit, int, bool) {
	if whole, end := r.wholeUnit(at); end > at {
		return whole, end, r.ends(end)
	}
	u, i, ok := r.simpleUnit(at)
	if !ok {
		return u, at, false
	}
	if r.glued(i) || r.kind(i) == wordToken {
		u, i = r.unitFactors(u, i)
	}
	if r.isGlued(i, ".") && r.isGlued(i+1, "/") && r.kind(at) == wordToken { // hab./km²
		i++
	}
	if r.isGlued(i, "/") && r.glued(i+1) {
		count, from := "", i+1
		if n, ok := r.numeral(from); ok && !n.point && n.whole == "100" { // l/100 km
			count, from = r.cardinal(n.whole, masculine)+" ", n.end
		}
		per, end, ok := r.divisor(from)
		if !ok && count == "" {
			per, end, ok = r.wordDivisor(from)
		}
		if !ok {
			return u, at, false
		}
		if count != "" {
			per.one = count + per.many
		}
		u = r.unitPer(u, per)
		if u.forms != nil {
			forms := make(map[plural.Form]string)
			for form, word := range u.forms {
				forms[form] = word + " " + r.particle.per + " " + per.one
			}
			u.forms = forms
		}
		i = end
		if r.isGlued(i, "/") && r.glued(i+1) { // mg/kg/d
			per, end, ok := r.divisor(i + 1)
			if !ok {
				per, end, ok = r.wordDivisor(i + 1)
			}
			if ok && r.ends(end) {
				u, i = r.unitPer(u, per), end
			}
		}
	}
	if r.isGlued(i, ".") && r.kind(at) == wordToken && len(r.at(at)) < longestShortUnit && r.goesOnBehind(i+1) { // 5 ft. long
		i++
	}
	return u, i, r.ends(i) || isCross(r.at(i)) && r.kind(i+1) == numberToken // 10'x12'
}

// longestShortUnit bounds the letters of a unit that may have a full stop.
const longestShortUnit = 6

// goesOnBehind reports whether a full stop before a token does not end the
// sentence: a small letter, a comma or a bracket is there.
func (r *reader) goesOnBehind(at int) bool {
	switch r.kind(at) {
	case wordToken:
		return r.tokens[at].space && (!r.tokens[at].title || r.capitalNouns && !starters[r.at(at)] && !germanStarters[r.at(at)])
	case signToken:
		return r.glued(at) && strings.Contains(",;)", r.at(at)) || r.at(at) == "(" && r.kind(at+1) == numberToken // 1 oz. (30 g)
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
		if next := at + 1 + btoi(r.isGlued(at+1, ".")); name == "fl" && r.at(next) == "oz" { // 8 fl. oz.
			u, ok = r.units["floz"]
			i = next + 1
			break
		}
		u, ok = r.unitNamed(name)
		if r.isGlued(i, ".") && r.glued(i+1) && r.kind(i+1) == wordToken && len(name) == 1 && r.dividedEnd(i+2, true) == i+2 { // 100 d.C., not m.s-2
			return u, at, false
		}
		if before := strings.ToLower(r.at(at - 2)); name == "in" && (before == "ft" || before == "feet" || before == "foot" || before == "'") && r.kind(at-1) == numberToken { // 6 ft 2 in
			break
		}
		if ok && !r.glued(at) && r.notUnits[name] && !(len(name) > 1 && r.isGlued(i, ".")) && !r.isDivided(at) {
			return u, at, false
		}
	case signToken:
		if r.at(at) == "\"" && r.closesQuote(at) {
			return u, at, false
		}
		if r.at(at) == "º" && r.glued(i) && r.kind(i) == wordToken {
			if u, ok = r.units["°"+r.at(i)]; ok {
				i++
				break
			}
		}
		if (r.glued(i) || r.at(at) == "°" && len(r.at(i)) == 1 && r.ends(i+1)) && r.kind(i) == wordToken { // °C, ° C
			if u, ok = r.units[r.at(at)+r.at(i)]; ok {
				i++
				break
			}
		}
		u, ok = r.units[r.at(at)]
		if r.at(at) == "'" && r.isGlued(i, "'") { // 5''
			u, ok = r.units[`"`]
			i++
		}
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

// isPerUnit reports whether a unit's symbol may begin one that is written
// without a number: km/h, and not a letter that stands for much else.
func isPerUnit(symbol string) bool {
	switch symbol {
	case "m", "l", "L", "g", "W", "J", "V", "km", "kWh", "Wh", "kW", "kg", "mg", "cm", "mm", "ml", "mL", "MB", "GB", "kB", "Mbit", "Gbit", "Mb", "Gb", "km²", "mol", "µg", "μg", "kcal", "kJ", "lb", "ft", "mi":
		return true
	}
	return false
}

// sayUnitAlone is a rule for a unit divided by another where no number is: km/h,
// m/s. A slash between what may be two letters is left alone.
func sayUnitAlone(r *reader, at int) int {
	if !r.starts(at) || !r.isGlued(at+1, "/") || !r.glued(at+2) || r.glued(at) {
		return at
	}
	if len(r.at(at)) == 1 && !strings.Contains(" s h l L kg min K cm mL ml dL ", " "+r.at(at+2)+" ") && !(r.at(at+2) == "m" && r.kind(at+3) == signToken && r.glued(at+3)) {
		return at
	}
	if _, ok := r.units[r.at(at)]; !ok || !isPerUnit(r.at(at)) {
		return at
	}
	u, end, ok := r.unitAt(at)
	if !ok || end < at+3 {
		return at
	}
	r.say(at, end, u.many)
	return end
}

// sayKilometer is a rule for the place on a road: km 5.
func sayKilometer(r *reader, at int) int {
	end := at + 1 + btoi(r.isGlued(at+1, "."))
	if r.tokens[at].caps || r.kind(at-1) == numberToken || !r.starts(at) || r.kind(end) != numberToken || r.glued(end) {
		return at
	}
	words := r.units["km"].one
	if r.tokens[at].title {
		words = capitalized(words)
	}
	r.say(at, end, words)
	return end
}

// areas are lengths whose squares and cubes things are counted by: people/km².
var areas = set("m km cm mm dm ft mi in yd")

// sayPerWord is a rule for the slash between the names of two units, and before an
// area: miles/hour, people/km².
func sayPerWord(r *reader, at int) int {
	word := at - 1 - btoi(r.isGlued(at-1, ".")) // Einw./km²
	if r.at(at) != "/" || !r.glued(at) || !r.glued(at+1) || r.kind(word) != wordToken || r.kind(at+1) != wordToken {
		return at
	}
	if u, end, ok := r.unitAt(at + 1); ok && end == at+3 && len(r.at(word)) > 2 && areas[r.at(at+1)] {
		r.say(at, end, r.particle.per+" "+u.one)
		return end
	}
	if !r.unitWords[strings.ToLower(r.at(at-1))] || !r.unitWords[strings.ToLower(r.at(at+1))] {
		return at
	}
	r.say(at, at+1, r.particle.per)
	return at + 1
}

// sayShortNumber is a rule for a short magnitude glued to a number that counts
// things: 2m views, 10k followers, 5M.
func sayShortNumber(r *reader, at int) int {
	n, ok := r.quantity(at)
	if !ok || !r.starts(at) || !r.glued(n.end) || r.kind(n.end) != wordToken || !r.ends(n.end+1) {
		return at
	}
	symbol := r.at(n.end)
	magnitude, ok := r.short[symbol]
	if !ok {
		if magnitude, ok = r.magnitudes[strings.ToLower(symbol)]; !ok || !r.counts(n.end+1) || r.notCounted[r.at(n.end+1)] {
			return at
		}
	} else if symbol == "K" && !n.point && len(n.whole) == 1 && !r.counts(n.end+1) { // 4K is a format
		return at
	} else if r.kind(n.end+1) == wordToken && r.notCounted[strings.ToLower(r.at(n.end+1))] {
		return at
	}
	r.say(at, n.end+1, r.counted(n, magnitude))
	if !r.counts(n.end+1) || r.particle.of == "" || magnitude.one == r.thousand {
		return n.end + 1
	}
	r.say(n.end+1, n.end+2, r.ofWhat(r.at(n.end+1), magnitude))
	return n.end + 2
}

// sayMeters is a rule for a height in meters and centimeters: 1m80.
func sayMeters(r *reader, at int) int {
	if len(r.at(at)) != 1 || !r.starts(at) || !r.isGlued(at+1, "m") || !r.glued(at+2) || r.kind(at+2) != numberToken || len(r.at(at+2)) != 2 || !r.ends(at+3) {
		return at
	}
	r.say(at, at+2, r.counted(numeral{whole: r.at(at)}, r.units["m"]))
	r.say(at+2, at+3, r.cardinal(r.at(at+2), alone))
	return at + 3
}

// sayScaleOfDegrees is a rule for °C where no number is before it.
func sayScaleOfDegrees(r *reader, at int) int {
	u, ok := r.units[r.at(at)+r.at(at+1)]
	if r.at(at) != "°" || !r.glued(at+1) || r.kind(at+1) != wordToken || !ok || r.kind(at-1) == numberToken || !r.ends(at+2) {
		return at
	}
	r.say(at, at+2, u.many)
	return at + 2
}
