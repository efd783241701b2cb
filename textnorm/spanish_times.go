package textnorm

import "strings"

// How Spanish says and writes times of day.

func spanishClock(l *language, c clock) string {
	hour := atoi(c.hour)
	words := l.cardinal(c.hour, feminine)
	if atoi(c.minute) > 0 {
		words += " y " + l.cardinal(c.minute, alone)
	}
	if atoi(c.second) > 0 {
		words += " y " + l.cardinal(c.second, masculine) + " segundos"
	}
	switch {
	case c.meridiem == "a.m" && hour == 12:
		words += " de la noche"
	case c.meridiem == "a.m":
		words += " de la mañana"
	case c.meridiem == "p.m" && hour >= 8 && hour < 12:
		words += " de la noche"
	case c.meridiem == "p.m":
		words += " de la tarde"
	}
	if c.zone != "" {
		words += " " + c.zone
	}
	return words
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
	if !r.ends(i) || r.isGlued(i, ".") && r.glued(i+1) && r.kind(i+1) == numberToken {
		return at
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
