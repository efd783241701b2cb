package textnorm

import "strings"

// sayYearMonth is a rule for a year and its month as ISO 8601 writes them: 2010-04.
// What may be two years stays a range: 2003-04, 1914-18.
func sayYearMonth(r *reader, at int) int {
	y, m := r.at(at), r.at(at+2)
	if len(y) != 4 || y < "1900" || y > "2099" || !r.starts(at) || !r.isGlued(at+1, "-") || !r.glued(at+2) || r.kind(at+2) != numberToken || len(m) != 2 || !r.ends(at+3) || r.isDash(at+3) && r.glued(at+3) || r.isDash(at-1) && r.glued(at) {
		return at
	}
	month := atoi(m)
	if month < 1 || month > 12 || m > y[2:] {
		return at
	}
	r.say(at, at+3, r.monthOfYear(month, y))
	return at + 3
}

// monthOfYear is a month and its year: April 2010, abril de 2010.
func (l *language) monthOfYear(month int, year string) string {
	return l.date(date{month: month, year: year})
}

// sayPerTime is a rule for a number for each of a unit: 10/h, 60/min.
func sayPerTime(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !r.starts(at) || !r.isGlued(n.end, "/") || !r.glued(n.end+1) || r.kind(n.end+1) != wordToken || !r.ends(n.end+2) {
		return at
	}
	switch r.at(n.end + 1) {
	case "h", "min", "s", "Min", "Std", "kg", "Tag", "Woche", "Monat", "Jahr", "day", "week", "month", "year", "jour", "mois", "an", "día", "mes", "año":
	default:
		return at
	}
	per := r.at(n.end + 1)
	if u, ok := r.unitNamed(per); ok {
		per = u.one
	}
	r.say(at, n.end, r.numberWords(n, alone))
	r.say(n.end, n.end+2, r.particle.per+" "+per)
	return n.end + 2
}

// sayMonthYear is a rule for a month and a year in figures, with a zero before the month
// or behind a word that dates follow: 03/2024, expires 12/2025.
func sayMonthYear(r *reader, at int) int {
	month, year := atoi(r.at(at)), r.at(at+2)
	if month < 1 || month > 12 || len(r.at(at)) > 2 || !r.starts(at) || r.isGlued(at, "/") || !r.isGlued(at+1, "/") || !r.glued(at+2) || len(year) != 4 || year < "1900" || year > "2099" || !r.ends(at+3) || r.isGlued(at+3, "/") {
		return at
	}
	if before := strings.ToLower(r.at(at - 1)); r.at(at)[0] != '0' && !dated[before] && !yearsFollow[before] && !expiring[before] {
		return at
	}
	r.say(at, at+3, r.date(date{month: month, year: year}))
	return at + 3
}

// expiring are words before the month in which something ends.
var expiring = set("to expires expire expired expiry exp valid thru through of ends ended starts started updated published revised")
