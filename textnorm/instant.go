package textnorm

import "strings"

// sayInstant is a rule for a day and a time as machines write them:
// 2025-09-28T14:30:00Z, 2025-09-28 14:30, 2025-09-28T14:30:00.123+02:00.
// Seconds are said unless there are none.
func sayInstant(r *reader, at int) int {
	d, i := r.isoDate(at)
	if i == at {
		return at
	}
	day := i
	if r.isGlued(i, "T") || r.isGlued(i, "t") {
		i++
		if !r.glued(i) {
			return at
		}
	} else if r.glued(i) {
		return at
	}
	c := clock{hour: r.at(i)}
	if r.kind(i) != numberToken || len(c.hour) != 2 || c.hour > "24" {
		return at
	}
	var ok bool
	if c.minute, ok = r.sexagesimal(i + 1); !ok {
		return at
	}
	i += 3
	if second, ok := r.sexagesimal(i); ok {
		if i += 2; second != "00" {
			c.second = second
		}
		if (r.isGlued(i, ".") || r.isGlued(i, ",")) && r.glued(i+1) && r.kind(i+1) == numberToken {
			i += 2
		}
	}
	if r.isGlued(i, "Z") || r.isGlued(i, "z") {
		c.zone = r.spellZone("UTC")
		i++
	} else if words, end := r.offsetAt(i); words != "" {
		c.zone, i = r.spellZone("UTC")+" "+words, end
	} else if r.kind(i) == wordToken && r.zones[strings.ToLower(r.at(i))] && r.tokens[i].caps {
		c.zone, i = r.zoneAt(i)
	}
	if !r.ends(i) {
		return at
	}
	r.say(at, day, r.date(d))
	r.say(day, i, r.clock(c))
	return i
}

// isoDate reads 2025-09-28.
func (r *reader) isoDate(at int) (date, int) {
	if r.kind(at) != numberToken || len(r.at(at)) != 4 || !r.isGlued(at+1, "-") || !r.isGlued(at+3, "-") || !r.glued(at+2) || !r.glued(at+4) ||
		r.kind(at+2) != numberToken || r.kind(at+4) != numberToken || len(r.at(at+2)) != 2 || len(r.at(at+4)) != 2 {
		return date{}, at
	}
	d, ok := r.dateOf(r.at(at), r.at(at+2), r.at(at+4))
	if !ok {
		return d, at
	}
	d.before = r.at(at - 1)
	return d, at + 5
}

// zoneAt reads a time zone and how far it is from Greenwich: GMT-4:30.
func (r *reader) zoneAt(at int) (words string, end int) {
	words = r.spellZone(strings.ToUpper(r.at(at)))
	if offset, end := r.offsetAt(at + 1); offset != "" {
		return words + " " + offset, end
	}
	return words, at + 1
}

// offsetAt reads hours, and minutes, from Greenwich: +2, -04:30, +0530.
func (r *reader) offsetAt(at int) (words string, end int) {
	if !r.glued(at) || !r.glued(at+1) || r.kind(at+1) != numberToken {
		return "", at
	}
	switch r.at(at) {
	case "+":
		words = r.particle.plus
	case "-", "−", "–":
		words = r.particle.minus
	default:
		return "", at
	}
	hours, minutes := r.at(at+1), ""
	end = at + 2
	switch len(hours) {
	case 1, 2:
		if m, ok := r.sexagesimal(end); ok {
			minutes = m
			end += 2
		}
	case 4:
		hours, minutes = hours[:2], hours[2:]
	default:
		return "", at
	}
	words += " " + r.cardinal(itoa(atoi(hours)), alone)
	if strings.Trim(minutes, "0") != "" {
		words += " " + r.cardinal(minutes, alone)
	}
	return words, end
}
