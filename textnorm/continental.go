package textnorm

import "strings"

// Rules and words that German, Spanish and French share and English has not.

// sayShortDate is a rule for a day and a month of two figures each, which full
// stops part: 02.03, 24.12.
func sayShortDate(r *reader, at int) int {
	if r.kind(at) != numberToken || !r.starts(at) || !r.isGlued(at+1, ".") || !r.glued(at+2) || r.kind(at+2) != numberToken || len(r.at(at)) != 2 || len(r.at(at+2)) != 2 {
		return at
	}
	d := date{day: atoi(r.at(at)), month: atoi(r.at(at + 2)), dayFirst: true, before: r.at(at - 1)}
	end := at + 3
	if r.isGlued(end, ".") && !(r.glued(end+1) && r.kind(end+1) == numberToken) && r.kind(end+1) != noToken {
		end++ // 24.12. abends
	}
	if d.day < 1 || d.day > 31 || d.month < 1 || d.month > 12 || !r.ends(end) || r.hourBehind(end) || r.isQuantity(at) {
		return at
	}
	r.say(at, end, r.date(d))
	return end
}

// isQuantity reports whether what begins at a token is a number of a unit or of
// money, or goes on behind another full stop.
func (r *reader) isQuantity(at int) bool {
	n, _ := r.quantity(at)
	end := n.end
	if r.isGlued(end, ".") && r.glued(end+1) && r.kind(end+1) == numberToken {
		return true
	}
	if _, isMoney := r.currencies[strings.ToLower(r.at(end))]; isMoney {
		return true
	}
	if _, isMoney := r.currencies[r.at(at-1)]; isMoney && at > 0 {
		return true
	}
	_, _, isUnit := r.unitAt(end)
	return isUnit || r.isMagnitude(end)
}

// hourBehind reports whether a word for hours follows, so that what is before
// it is a time of day.
func (r *reader) hourBehind(at int) bool {
	switch strings.ToLower(r.at(at)) {
	case "uhr", "h", "hs", "horas", "heures", "a", "p":
		return true
	}
	return false
}

// sayHandle is a rule for names behind an at sign, which are spelled: @wezyr1986.
func sayHandle(r *reader, at int) int {
	if r.at(at) != "@" || !r.starts(at) || !r.glued(at+1) || r.kind(at+1) != wordToken {
		return at
	}
	r.say(at, at+1, r.particle.at)
	end := at + 1
	for r.glued(end) && (r.kind(end) == wordToken || r.kind(end) == numberToken || r.at(end) == "_") && end < at+16 {
		r.say(end, end+1, r.addressPart(end, at, end+1))
		end++
	}
	return end
}

// sayPerUnit is a rule for a slash and a unit behind a number: 42 /m².
func sayPerUnit(r *reader, at int) int {
	_, isMoney := r.currencies[r.at(at-1)]                                                                                                                                      // €/kg
	isRate := r.glued(at) && r.kind(at-1) == wordToken && r.kind(at-2) == numberToken && len(r.at(at-1)) > 1 && (r.at(at+1) == "s" || r.at(at+1) == "h" || r.at(at+1) == "min") // 3 req/s
	if r.at(at) != "/" || !r.glued(at+1) || r.kind(at-1) != numberToken && !isRate && !(isMoney && r.glued(at)) {
		return at
	}
	u, end, ok := r.unitAt(at + 1)
	if !ok {
		return at
	}
	r.say(at, end, r.particle.per+" "+u.one)
	return end
}

// durationOf lists numbers of units of time, those of none left out unless all
// are. The units are h, m, s and ms.
func durationOf(l *language, units, values []string) string {
	var words []string
	for i, value := range values {
		if strings.Trim(value, "0") != "" || len(words) == 0 && i == len(values)-1 {
			words = append(words, l.counted(numeral{whole: value}, l.units[lengthsOfTime[units[i]].unit]))
		}
	}
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], " ") + " " + l.particle.and + " " + words[len(words)-1]
}

// unitOf finds a unit by its name; another word is its own plural.
func unitOf(l *language, name string) (unit, bool) {
	lower := strings.ToLower(name)
	for _, u := range l.units {
		if strings.ToLower(u.one) == lower || strings.ToLower(u.many) == lower {
			return u, true
		}
	}
	return unit{one: name, many: name}, true
}

// lettersApart are the letters of a word, each a word of its own.
func lettersApart(word string) string {
	return strings.Join(strings.Split(strings.ToLower(word), ""), " ")
}

// sayMagnitude is a rule for a number before a word such as millones, which is
// a noun to it: un millón. English leaves both to other rules.
func sayMagnitude(r *reader, at int) int {
	n, ok := r.quantity(at)
	if !ok || !r.starts(at) {
		return at
	}
	magnitude, end := r.magnitudeAt(n.end)
	if magnitude.one == "" || len(r.at(n.end)) < 3 && r.at(n.end) != "Md" || r.glued(n.end) {
		return at
	}
	r.say(at, n.end, r.numberWords(n, magnitude.gender))
	r.say(n.end, end, r.form(magnitude, n))
	return end
}

// sayMinusFraction is a rule for the minus before a fraction.
func sayMinusFraction(r *reader, at int) int {
	if !r.isMinus(at) {
		return at
	}
	if _, end := r.fractionAt(at + 1); end == at+1 {
		return at
	}
	r.say(at, at+1, r.particle.minus)
	return at + 1
}

// sayDayAndMonth is a rule for a day and a month with a slash between, behind a word
// that days follow, or with a zero before one: le 24/12, 01/02.
func sayDayAndMonth(r *reader, at int) int {
	day, ok := r.dayNumber(at)
	month, too := r.dayNumber(at + 2)
	if !ok || !too || month > 12 || !r.starts(at) || r.isGlued(at, "/") || !r.isGlued(at+1, "/") || !r.glued(at+2) || !r.ends(at+3) || r.isGlued(at+3, "/") {
		return at
	}
	word := at - 1
	for word > at-3 && (r.isGlued(word, ".") || r.isGlued(word, ",")) { // lun., 3/2
		word--
	}
	onWeekday := weekdayNames[strings.ToLower(r.at(word))] || r.weekdays[strings.ToLower(r.at(word))] != ""
	if len(r.at(at+2)) != 2 && !onWeekday && day <= month { // le 2/3, but le 26/3
		return at
	}
	if zeros := len(r.at(at)) == 2 && (r.at(at)[0] == '0' || r.at(at + 2)[0] == '0'); !zeros && !onWeekday && !daysFollow[strings.ToLower(r.at(at-1))] {
		return at
	}
	r.say(at, at+3, r.date(date{day: day, month: month, before: r.at(at - 1)}))
	return at + 3
}

// daysFollow are words behind which 24/12 is a day.
var daysFollow = set("le du au jusqu'au el del al día hasta il dal al fino em no dia até ao")

// weekdayNames are the days of the week, behind which 3/2 is a day, too.
var weekdayNames = set(`lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo
	lunedì martedì mercoledì giovedì venerdì sabato domenica segunda terça quarta quinta sexta feira`)
