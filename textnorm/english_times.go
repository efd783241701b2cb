package textnorm

import "strings"

// English rules for times, days and sizes that other rules would read as plain numbers.

// sayHourRange is a rule for hours of which only the last has its half of the day:
// 5-7pm, 9–10:30 a.m.
func sayHourRange(r *reader, at int) int {
	hour := atoi(r.at(at))
	if hour < 1 || hour > 12 || !r.starts(at) {
		return at
	}
	i := at + 1
	minute, ok := r.sexagesimal(i)
	if ok {
		i += 2
	}
	if !r.isDash(i) || !r.glued(i) || !r.glued(i+1) || r.kind(i+1) != numberToken || len(r.at(i+1)) > 2 {
		return at
	}
	last := i + 2
	if _, ok := r.sexagesimal(last); ok {
		last += 2
	}
	if half, _ := r.dottedWord(last, r.meridiems); half == "" {
		return at
	}
	words := r.cardinal(r.at(at), alone)
	if ok && minute != "00" {
		words = r.clock(clock{hour: r.at(at), minute: minute})
	}
	r.say(at, i, words)
	r.say(i, i+1, r.particle.to)
	return i + 1
}

// sayDueDate is a rule for a month and a day in figures behind a word that dates
// follow: due 12/25.
func sayDueDate(r *reader, at int) int {
	word := at - 1
	for word > at-3 && (r.isGlued(word, ".") || r.isGlued(word, ",")) { // Mon., 3/2
		word--
	}
	before := strings.ToLower(r.at(word))
	zeros := len(r.at(at)) == 2 && len(r.at(at+2)) == 2 && (r.at(at)[0] == '0' || r.at(at + 2)[0] == '0') // 01/02
	if !zeros && !dated[before] && r.weekdays[before] == "" && !strings.HasSuffix(before, "day") || !r.isGlued(at+1, "/") || !r.glued(at+2) || !r.ends(at+3) || r.isGlued(at+3, "/") {
		return at
	}
	month, ok := r.dayNumber(at)
	day, too := r.dayNumber(at + 2)
	if r.dayFirst {
		month, day = day, month
	}
	if _, isUnit, _ := r.unitAt(at + 3); !ok || !too || month > 12 || isUnit > at+3 {
		return at
	}
	r.say(at, at+3, r.date(date{month: month, day: day}))
	return at + 3
}

// sayDayRange is a rule for the first of two days of a month that is behind the
// second: 1–5 Jan.
func sayDayRange(r *reader, at int) int {
	first, ok := r.dayNumber(at)
	last, too := r.dayNumber(at + 2)
	month, _ := r.monthAt(at + 3)
	if !ok || !too || first >= last || month == 0 || !r.isDash(at+1) || !r.glued(at+1) || !r.glued(at+2) || !r.starts(at) || !r.tokens[at+3].title {
		return at
	}
	r.say(at, at+1, "the "+r.ordinal(itoa(first), alone))
	r.say(at+1, at+2, r.particle.to)
	return at + 2
}

// sayPostalCode is a rule for codes of nine digits: 90210-1234.
func sayPostalCode(r *reader, at int) int {
	if len(r.at(at)) != 5 || !r.starts(at) || !r.isGlued(at+1, "-") || !r.glued(at+2) || r.kind(at+2) != numberToken || len(r.at(at+2)) != 4 || !r.ends(at+3) {
		return at
	}
	r.say(at, at+1, r.digitsOf(r.at(at)))
	r.say(at+1, at+3, r.particle.dash+" "+r.digitsOf(r.at(at+2)))
	return at + 3
}

// sayHundredHours is a rule for times of four digits behind a word that times
// follow: at 1430 hours.
func sayHundredHours(r *reader, at int) int {
	w := r.at(at)
	next := strings.ToLower(r.at(at + 1))
	if len(w) != 4 || w[:2] > "24" || w[2:] > "59" || next != "hours" && next != "hrs" || !dated[strings.ToLower(r.at(at-1))] && !clocked[strings.ToLower(r.at(at-1))] {
		return at
	}
	hour := r.cardinal(w[:2], alone)
	if w[0] == '0' {
		hour = r.digitsOf(w[:2])
	}
	minutes := "hundred"
	if w[2:] != "00" {
		minutes = r.year(w[2:])
	}
	r.say(at, at+1, hour+" "+minutes)
	return at + 1
}

var clocked = set("at from to around about")

var dated = set("on due by until till since before after dated date born")

// sayPicture is a rule for the size of a picture: 1920x1080, 1080p.
func sayPicture(r *reader, at int) int {
	w := r.at(at)
	if !r.starts(at) || len(w) < 3 || len(w) > 4 || w[0] == '0' {
		return at
	}
	size := func(w string) string {
		if len(w) == 4 && !strings.HasSuffix(w, "00") {
			return r.houseNumber(w)
		}
		return r.cardinal(w, alone)
	}
	switch x := r.at(at + 1); {
	case x == "p" && r.glued(at+1) && r.ends(at+2) && w[len(w)-1] == '0':
		r.say(at, at+2, size(w)+" p")
		return at + 2
	case (x == "x" || x == "×") && r.glued(at+1) == r.glued(at+2) && r.kind(at+2) == numberToken && len(r.at(at+2)) > 2 && len(r.at(at+2)) < 5 && r.ends(at+3) && !r.isDecimal(at+3):
		if _, _, isUnit := r.unitAt(at + 3); isUnit {
			return at
		}
		r.say(at, at+1, size(w))
		r.say(at+1, at+2, r.particle.by)
		r.say(at+2, at+3, size(r.at(at+2)))
		return at + 3
	}
	return at
}

// sayCentury is a rule for Roman numerals that are ordinals: the XXth, the XXI
// century.
func sayCentury(r *reader, at int) int {
	w := r.at(at)
	base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(w, "th"), "st"), "nd"), "rd")
	n := roman(base)
	if n < 1 || n > 39 || !r.starts(at) || !r.ends(at+1) {
		return at
	}
	if next := r.at(at + 1); base == w && (next != "century" && next != "centuries" || w == "I") || base != w && len(base) < 2 && base != "V" && base != "X" {
		return at
	}
	r.say(at, at+1, r.ordinal(itoa(n), alone))
	return at + 1
}
