package textnorm

import (
	"strconv"
	"strings"
)

// date is a day, a month or a year as written; what is not written is empty.
type date struct {
	year     string // its digits
	month    int    // from 1
	day      int
	dayFirst bool   // the day is written before the month
	article  bool   // the article is written before
	before   string // the word before it
}

// sayDayMonth is a rule for dates that begin with the day and name the month:
// 25 july 2012, 25th of July, 2012.
func sayDayMonth(r *reader, at int) int {
	d := date{dayFirst: true}
	var ok bool
	if d.day, ok = r.dayNumber(at); !ok || !r.starts(at) {
		return at
	}
	i := at + 1
	if _, isOrdinal := r.ordinalSuffix(at); isOrdinal {
		i++
		if r.at(i) == "of" {
			i++
		}
	}
	if r.isDecimal(at + 1) {
		return at
	}
	if r.at(i) == "." && r.glued(i) && r.dayFirst || r.isGlued(i, "-") {
		i++
	}
	end := 0
	if d.month, end = r.monthAt(i); d.month == 0 {
		return at
	}
	if w := r.at(i); len(w) < 3 || w == "may" && !r.yearAt(end) || w == "march" && !r.yearAt(end) {
		return at
	}
	d.year, end = r.yearBehind(end)
	d.article = strings.EqualFold(r.at(at-1), "the")
	r.sayDate(at, end, d)
	return end
}

// sayMonth is a rule for dates that begin with the name of the month: July 25,
// 2012, jan. 15, July 1506.
func sayMonth(r *reader, at int) int {
	var d date
	i := 0
	if d.month, i = r.monthAt(at); d.month == 0 {
		return at
	}
	if r.isGlued(i, "-") && r.kind(i+1) == numberToken {
		i++
	}
	if r.kind(i) != numberToken {
		if last, _ := r.monthAt(i + 1); last > 0 && r.isDash(i) && r.glued(i) && r.glued(i+1) && r.tokens[at].title { // Jan–Mar
			r.say(at, i, r.monthNames[d.month])
			r.say(i, i+1, r.particle.to)
			if r.tokens[i+1].title && r.kind(i+2) != numberToken && len(r.at(i+1)) > 2 {
				r.say(i+1, i+2, r.monthNames[last])
				return i + 2
			}
			return i + 1
		}
		if y := r.at(i + 1); (r.at(i) == "'" || r.at(i) == "’") && r.tokens[at].title && r.glued(i+1) && r.kind(i+1) == numberToken && len(y) == 2 && r.ends(i+2) { // Dec '23
			r.say(at, i, r.monthNames[d.month])
			r.say(i, i+2, r.year(y))
			return i + 2
		}
		if i > at+1 && (r.kind(i) == noToken || r.tokens[i].space) && !strings.EqualFold(r.at(at), r.monthNames[d.month]) { // an abbreviation and its full stop
			r.say(at, at+1, r.monthNames[d.month])
			if r.kind(i) == noToken {
				return at + 1
			}
			return i
		}
		return at
	}
	end := i
	if day, ok := r.dayNumber(i); ok {
		end = i + 1
		if _, isOrdinal := r.ordinalSuffix(i); isOrdinal {
			end++
		}
		if r.isDecimal(i+1) || r.isGlued(i+1, ":") || r.isGlued(i+1, "%") || !r.ends(end) && r.at(end) != "’" {
			return at
		}
		d.day = day
		if !r.tokens[at].title && d.year == "" && r.counts(end) { // you may 5 times
			return at
		}
		if r.isDash(end) && r.glued(end) && r.glued(end+1) && r.kind(end+1) == numberToken && len(r.at(end+1)) < 4 {
			return r.sayDays(at, end, d)
		}
		d.year, end = r.yearBehind(end)
	} else if r.yearAt(i) {
		d.year, end = r.at(i), i+1
	} else {
		return at
	}
	r.sayDate(at, end, d)
	return end
}

// sayDays says the days of a month from one to another, and the year, if the
// dash at a token is between days: March 5-7, 2020. d is the first day.
func (r *reader) sayDays(from, dash int, d date) int {
	last, ok := r.dayNumber(dash + 1)
	end := dash + 2
	if _, isOrdinal := r.ordinalSuffix(dash + 1); isOrdinal {
		end++
	}
	if !ok || last <= d.day || !r.ends(end) {
		return from
	}
	r.say(from, dash, r.date(d))
	r.say(dash, dash+1, r.particle.to)
	r.say(dash+1, end, r.ordinal(itoa(last), alone))
	if year, behind := r.yearBehind(end); year != "" {
		if r.isGlued(end, ",") {
			r.keep(end)
			end++
		}
		r.say(end, behind, r.year(year))
		end = behind
	}
	return end
}

// sayDate says a date, and puts a comma before the year where one is written.
func (r *reader) sayDate(from, end int, d date) {
	d.before = r.beforeJoined(from)
	words := r.date(d)
	for i := end - 1; i > from && i > end-3; i-- {
		if r.at(i) == "," {
			if year := r.year(d.year); strings.HasSuffix(words, " "+year) {
				words = strings.TrimSuffix(words, " "+year) + ", " + year
			}
		}
	}
	// What may be behind the ending of an ordinal: 29th’s.
	if _, rest, ok := cutApostrophe(r.at(end - 1)); ok && r.kind(end-1) == wordToken {
		words += rest
	}
	r.say(from, end, words)
}

// cutApostrophe parts th’s into th and ’s.
func cutApostrophe(w string) (before, rest string, ok bool) {
	for i, c := range w {
		if isApostrophe(c) {
			return w[:i], w[i:], true
		}
	}
	return w, "", false
}

// dayNumber reads the day of a month.
func (r *reader) dayNumber(at int) (int, bool) {
	if r.kind(at) != numberToken || len(r.at(at)) > 2 {
		return 0, false
	}
	n, _ := strconv.Atoi(r.at(at))
	return n, n >= 1 && n <= 31
}

// ordinalSuffix reports whether the word glued behind a number makes an ordinal
// of it.
func (r *reader) ordinalSuffix(at int) (gender, bool) {
	if !r.glued(at+1) || r.kind(at+1) != wordToken || r.ordinalEnd == nil {
		return alone, false
	}
	ending, _, _ := cutApostrophe(r.at(at + 1))
	return r.ordinalEnd(r.at(at), ending)
}

// monthAt reads the name of a month, and the full stop of an abbreviation.
func (r *reader) monthAt(at int) (month, end int) {
	if r.kind(at) != wordToken || len(r.at(at)) > 16 {
		return 0, at
	}
	w := strings.ToLower(r.at(at))
	if month = r.months[w]; month == 0 {
		return 0, at
	}
	if r.isGlued(at+1, ".") && w != strings.ToLower(r.monthNames[month]) {
		return month, at + 2
	}
	return month, at + 1
}

// yearAt reports whether a number that stands for a year is at a token.
func (r *reader) yearAt(at int) bool {
	y := r.at(at)
	return r.kind(at) == numberToken && len(y) == 4 && y >= "1000" && y <= "2999" && r.ends(at+1) && !r.isDecimal(at+1) && !r.isGlued(at+1, ":")
}

// yearBehind reads the year behind day and month, and a comma before it; "" if
// there is none.
func (r *reader) yearBehind(at int) (string, int) {
	i := at
	if r.isGlued(i, ",") {
		i++
	} else if r.isGlued(i, "-") {
		i++
	}
	if r.yearAt(i) && !r.counts(i+1) {
		return r.at(i), i + 1
	}
	if y := r.at(i); i > at && r.at(at) == "-" && r.kind(i) == numberToken && r.glued(i) && len(y) == 2 && r.ends(i+1) { // 4-Jul-20
		return y, i + 1
	}
	return "", at
}

// sayNumericDate is a rule for dates in figures: 2016-11-03, 11/17/05,
// 15.01.2020.
func sayNumericDate(r *reader, at int) int {
	mark := r.at(at + 1)
	if r.kind(at) != numberToken || !r.starts(at) || r.isGlued(at, "-") || mark != "-" && mark != "/" && mark != "." || !r.glued(at+1) ||
		!r.isGlued(at+3, mark) || !r.glued(at+2) || !r.glued(at+4) || r.kind(at+2) != numberToken || r.kind(at+4) != numberToken ||
		!r.ends(at+5) || r.isGlued(at+5, mark) && r.kind(at+6) != noToken && r.glued(at+6) {
		return at
	}
	a, b, c := r.at(at), r.at(at+2), r.at(at+4)
	d, ok := r.dateOf(a, b, c)
	if mark == "." && len(a) < 4 && len(c) < 4 && r.isSectionBefore(at) { // Abb. 2.6.10
		return at
	}
	if !ok || mark == "." && len(a) < 4 && len(c) < 4 && !r.dayFirst {
		return at
	}
	d.before = r.at(at - 1)
	r.say(at, at+5, r.date(d))
	return at + 5
}

// isSectionBefore reports whether the word before a token, or its short form with a
// full stop, is one of parts of a text or of versions, whose numbers have points.
func (r *reader) isSectionBefore(at int) bool {
	i := at - 1
	if r.isGlued(i, ".") {
		i--
	}
	w := strings.ToLower(r.at(i))
	return r.kind(i) == wordToken && (r.sections[w] || numberedByPoints[w])
}

// numberedByPoints are words of several languages before numbers with points.
var numberedByPoints = set(`abb abbildung tab tabelle abschnitt kap kapitel ziff ziffer punkt version release
	fig figure figura table tabla tableau tabella sec section sect sezione sección seção cap capítulo capitolo chap chapter chapitre clause rule paragraph para
	apartado apdo annexe python java node ruby php ios android macos chrome firefox ubuntu debian kernel`)

// dateOf orders the figures of a date: a year of four digits may come first,
// else the language's order counts where both would do.
func (l *language) dateOf(a, b, c string) (date, bool) {
	var d date
	switch {
	case len(a) == 4 && len(b) <= 2 && len(c) <= 2:
		d.year, d.month, d.day = a, atoi(b), atoi(c)
	case len(a) <= 2 && len(b) <= 2 && (len(c) == 4 || len(c) == 2):
		d.year, d.month, d.day = c, atoi(a), atoi(b)
		if l.dayFirst || d.month > 12 {
			d.month, d.day = d.day, d.month
			d.dayFirst = true
		}
		if l.dayFirst && d.month > 12 && d.day <= 12 {
			d.month, d.day = d.day, d.month
		}
	default:
		return d, false
	}
	return d, d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31
}

// atoi is a short number; what is none or too long is -1.
func atoi(digits string) int {
	if n, err := strconv.Atoi(digits); err == nil && len(digits) <= 9 {
		return n
	}
	return -1
}

// sayEra is a rule for years with their era: 340 A.D., 44 BC.
func sayEra(r *reader, at int) int {
	era, end := r.dottedWord(at+1, r.eras)
	if era == "" || len(r.at(at)) > 4 || !r.starts(at) || !r.ends(end) {
		return at
	}
	r.say(at, at+1, r.year(r.at(at)))
	r.say(at+1, end, era)
	return end
}

// dottedWord finds a short form in a table whose keys are in lower case and
// without full stops: am for a.m., A.M and am. The last full stop is part of
// it unless the text ends there.
func (r *reader) dottedWord(at int, table map[string]string) (string, int) {
	if r.kind(at) != wordToken || len(r.at(at)) > 4 {
		return "", at
	}
	key := strings.ToLower(r.at(at))
	i := at + 1
	for r.isGlued(i, ".") && (r.glued(i+1) || r.dayFirst) && r.kind(i+1) == wordToken && len(r.at(i-1)) == 1 && len(key) < 4 {
		if _, whole := table[key]; whole && !r.glued(i+1) { // p. m. y
			break
		}
		if next := r.at(i + 1); len(next) == 1 {
			key += strings.ToLower(next)
			i += 2
			continue
		}
		break
	}
	words, ok := table[key]
	if !ok {
		return "", at
	}
	if r.isGlued(i, ".") && i > at+1 && r.kind(i+1) != noToken && !r.sentenceEnds(i+1) {
		i++
	}
	return words, i
}

// sentenceEnds reports whether only closing marks follow from a token on.
func (r *reader) sentenceEnds(at int) bool {
	for k := range 4 {
		if r.kind(at+k) == noToken {
			return true
		}
		if r.kind(at+k) != signToken || !strings.Contains(closers+".", r.at(at+k)) {
			return false
		}
	}
	return false
}
