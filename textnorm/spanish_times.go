package textnorm

import "strings"

// How Spanish says and writes times of day.

func spanishClock(l *language, c clock) string {
	hour := atoi(c.hour)
	words := l.cardinal(c.hour, feminine)
	if hour%24 == 0 && atoi(c.minute) <= 0 { // cero horas
		words += " horas"
	}
	switch quarter := spanishQuarters[c.minute]; {
	case atoi(c.second) > 0: // all have their units: dos horas quince minutos y diez segundos
		words = l.counted(numeral{whole: c.hour}, l.units["h"]) + " " + l.counted(numeral{whole: c.minute}, l.units["min"]) + " y " + l.counted(numeral{whole: c.second}, l.units["s"])
	case quarter != "" && c.meridiem != "":
		words += " y " + quarter
	case atoi(c.minute) > 0:
		words += " y " + l.cardinal(c.minute, alone)
	}
	switch {
	case c.meridiem == "p.m" && hour == 12:
		words += " del mediodía"
	case c.meridiem == "a.m" && hour == 12:
		words += " de la noche"
	case c.meridiem == "a.m":
		words += " de la mañana"
	case c.meridiem == "p.m" && hour >= 7 && hour < 12:
		words += " de la noche"
	case c.meridiem == "p.m":
		words += " de la tarde"
	}
	if strings.HasPrefix(c.zone, "hora ") { // veintiuna, hora de bolivia
		words += ","
	}
	if c.zone != "" {
		words += " " + c.zone
	}
	return words
}

// spanishQuarters are minutes as they are said of twelve hours: tres y media de la
// tarde.
var spanishQuarters = map[string]string{"15": "cuarto", "30": "media"}

// spanishZones are time zones that are called by their place.
var spanishZones = map[string]string{
	"ART": "hora estándar de argentina", "BRT": "hora estándar de brasilia", "CLT": "hora estándar de chile", "CLST": "hora de verano de chile", "COT": "hora estándar de colombia",
	"PET": "hora estándar de perú", "VET": "hora de venezuela", "BOT": "hora de bolivia", "UYT": "hora de uruguay", "PYT": "hora estándar de paraguay", "ECT": "hora de ecuador",
	"JST": "hora estándar de japón", "AST": "hora estándar del atlántico", "ADT": "hora de verano del atlántico", "EET": "hora estándar de europa oriental", "EEST": "hora de verano de europa oriental",
}

// spanishZone is a time zone by the name of its place, or spelled.
func spanishZone(letters string) string {
	if name := spanishZones[letters]; name != "" {
		return name
	}
	return lettersApart(letters)
}

// saySpanishChrist is a rule for eras whose short form has a word within: a. de C.,
// d. de J. C.
func saySpanishChrist(r *reader, at int) int {
	if !r.isGlued(at+1, ".") || r.at(at+2) != "de" || r.kind(at-1) != numberToken && roman(r.at(at-1)) == 0 {
		return at
	}
	i, christ := at+3, "cristo"
	if strings.EqualFold(r.at(i), "j") && r.isGlued(i+1, ".") {
		i, christ = i+2, "jesucristo"
	}
	if !strings.EqualFold(r.at(i), "c") {
		return at
	}
	end := i + 1
	if r.isGlued(end, ".") && r.kind(end+1) != noToken && !r.sentenceEnds(end+1) {
		end++
	}
	when := "antes de "
	if r.at(at) == "d" {
		when = "después de "
	}
	r.say(at, end, when+christ)
	return end
}

// saySpanishEight is a rule for eight digits in two groups that are a telephone
// number, as in much of America, and no years: 5512-3456.
func saySpanishEight(r *reader, at int) int {
	a, b := r.at(at), r.at(at+2)
	if len(a) != 4 || !r.starts(at) || r.isDash(at-1) && r.glued(at) || !r.isGlued(at+1, "-") || !r.glued(at+2) || r.kind(at+2) != numberToken || len(b) != 4 || !r.ends(at+3) || r.isDash(at+3) && r.glued(at+3) {
		return at
	}
	if a < "2100" && b < "2100" || a > b && r.isUnitBehind(at+2) {
		return at
	}
	if _, _, isUnit := r.unitAt(at + 3); isUnit || r.counts(at+3) {
		return at
	}
	r.sayDigits(at, at+3)
	return at + 3
}

// saySpanishClock is a rule for times of day: 14.05, 1.00 p.m., 12h02m00s,
// 20:00 GMT-3.
func saySpanishClock(r *reader, at int) int {
	c := clock{hour: r.at(at)}
	if r.kind(at) != numberToken || len(c.hour) > 2 || !r.starts(at) || atoi(c.hour) > 24 {
		return at
	}
	i := at + 1
	point := false
	if next, ok := r.sexagesimal(i); ok {
		c.minute, i = next, i+2
		if next, ok := r.sexagesimal(i); ok {
			c.second, i = next, i+2
		}
	} else if m := r.at(i + 1); r.kind(i+1) == numberToken && r.glued(i) && r.glued(i+1) && len(m) == 2 && m < "60" && (r.at(i) == "." || r.at(i) == "h") {
		point = r.at(i) == "." && r.decimal != "." || r.at(i) == "h"
		if !point {
			return at
		}
		if r.at(i) == "." && !r.isSpanishTime(at, i+2) {
			return at
		}
		c.minute, i = m, i+2
		if r.isGlued(i, "m") {
			i++
			if s := r.at(i); r.kind(i) == numberToken && r.glued(i) && len(s) == 2 && r.isGlued(i+1, "s") {
				c.second, i = s, i+2
			}
		}
	}
	var end int
	if c.meridiem, end = r.dottedWord(i, r.meridiems); c.meridiem != "" {
		i = end
	} else if c.minute == "" {
		return at
	} else if r.at(i) == "h" || r.at(i) == "hs" || r.at(i) == "hrs" {
		i++
		if r.isGlued(i, ".") && r.kind(i+1) != noToken {
			i++
		}
	}
	if r.kind(i) == wordToken && r.zones[strings.ToLower(r.at(i))] {
		c.zone, i = r.zoneAt(i)
	}
	if !r.endsClock(i) || r.isGlued(i, ".") && r.glued(i+1) && r.kind(i+1) == numberToken {
		return at
	}
	if r.sayLength(at, i, c) {
		return i
	}
	r.say(at, i, r.clock(c))
	return i
}

// isSpanishTime reports whether two numbers around a full stop are a time of day:
// by words around them, or because nothing else is written and the hour has two
// digits or the minutes end it: 14.05, but pi es 3.14.
func (r *reader) isSpanishTime(from, to int) bool {
	switch w := strings.ToLower(r.at(from - 1)); w {
	case "las", "la", "desde", "hasta", "hora", "horas", "horario":
		return true
	case "a", "de", "y", "-", "–":
		if r.kind(from-2) == numberToken && r.isGlued(from-3, ".") { // de 9.00 a 14.00
			return true
		}
	}
	if half, _ := r.dottedWord(to, r.meridiems); half != "" || r.hourBehind(to) || r.kind(to) == wordToken && r.zones[strings.ToLower(r.at(to))] {
		return true
	}
	if w := r.at(to); (w == "a" || w == "-" || w == "–" || w == "y") && r.kind(to+1) == numberToken && r.isGlued(to+2, ".") { // the first of two
		return true
	}
	return from == 0 && r.kind(to) == noToken && len(r.at(from)) == 2
}

// saySpanishMillion is a rule for M and MM, which are millions where "de" or the sign
// of a currency follows: 3,5 MM de dólares, 20 MM€.
func saySpanishMillion(r *reader, at int) int {
	n, ok := r.numeral(at)
	if w := r.at(n.end); !ok || !r.starts(at) || w != "MM" && (w != "M" || r.glued(n.end)) {
		return at
	}
	if money, ok := r.currencies[r.at(n.end+1)]; ok && r.glued(n.end+1) && r.ends(n.end+2) { // 20 MM€
		r.say(at, n.end+2, r.money(amount{number: n, magnitude: r.short["M"], currency: money}))
		return n.end + 2
	}
	if r.at(n.end+1) != "de" {
		return at
	}
	r.say(at, n.end+1, r.counted(n, r.short["M"]))
	return n.end + 1
}
