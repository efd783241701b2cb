package textnorm

import "strings"

// sayWeekday is a rule for the short name of a day of the week where it can be
// nothing else: before a date or a time, in a range or a list of days.
func sayWeekday(r *reader, at int) int {
	name := r.weekdays[strings.ToLower(r.at(at))]
	if name == "" || !r.tokens[at].title && !r.smallWeekdays || !r.starts(at) || !r.ends(at+1) {
		return at
	}
	end := at + 1
	stop := r.isGlued(end, ".")
	if stop {
		end++
	}
	next := end
	if stop && r.smallFrancs && r.kind(next) == numberToken && !r.isGlued(next+1, ":") && !r.hourBehind(next+3) && strings.EqualFold(r.at(at), "fr") {
		if n, ok := r.quantity(next); ok && (len(n.decimals) == 2 || !r.isDayOrTime(next)) { // Fr. 12.50
			return at
		}
	}
	if r.isGlued(next, ",") {
		next++
	}
	day := func(i int) bool {
		return r.kind(i) == wordToken && r.weekdays[strings.ToLower(r.at(i))] != "" && (r.tokens[i].title || r.smallWeekdays)
	}
	month, _ := r.monthAt(next)
	near := month > 0 && r.tokens[next].title || r.kind(next) == numberToken && !r.counts(next+1) && (!r.capitalNouns || r.isDayOrTime(next)) ||
		(r.isDash(end) || r.at(end) == "/" || r.at(end) == "," || r.at(end) == "&") && day(end+1) ||
		day(at-2) && r.kind(at-1) == signToken || day(at-3) && r.at(at-2) == "."
	near = near || stop && r.isGlued(end, ",") && (r.at(next) == "dem" || r.at(next) == "den") && r.kind(next+1) == numberToken // Mo., dem 5.6.
	if !near && !(stop && r.smallWeekdays && r.kind(end) == wordToken) {
		return at
	}
	if stop && r.kind(end) == noToken {
		end--
	}
	if r.tokens[at].title {
		name = capitalized(name)
	}
	r.say(at, end, name)
	if r.isDash(end) && day(end+1) {
		r.say(end, end+1, r.particle.to)
		end++
	}
	return end
}

// isDayOrTime reports whether a number is a day or a time of day in German, where
// the short names of days are words too: So 3. Mai, but: So 3 Tage.
func (r *reader) isDayOrTime(at int) bool {
	return r.isGlued(at+1, ".") || r.isGlued(at+1, ":") || strings.EqualFold(r.at(at+1), "uhr") || r.isDash(at+1)
}

// addWeekdays lets sayWeekday begin at short names: name and short forms,
// days parted by commas.
func (l *language) addWeekdays(days string) {
	l.weekdays = make(map[string]string)
	for day := range strings.SplitSeq(days, ",") {
		names := strings.Fields(day)
		for _, short := range names[1:] {
			l.weekdays[short] = names[0]
			l.lexicon.add(short, sayWeekday)
		}
	}
}
