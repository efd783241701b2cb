package textnorm

import "strings"

// clock is a time of day as written; what is not written is empty.
type clock struct {
	hour, minute, second string // their digits
	meridiem             string // as it is said: A.M
	zone                 string // as it is said
}

// sayClock is a rule for times of day: 1:59 p.m. EST, 23:00, 2pm, 21:51:31.
func sayClock(r *reader, at int) int {
	var c clock
	if c.hour = r.at(at); len(c.hour) > 2 || !r.starts(at) || atoi(c.hour) > 24 {
		return at
	}
	i := at + 1
	if next, ok := r.sexagesimal(i); ok {
		c.minute, i = next, i+2
		if next, ok := r.sexagesimal(i); ok {
			c.second, i = next, i+2
		}
	}
	if minute := r.at(i + 1); c.minute == "" && r.isDecimal(i) && len(minute) == 2 && minute < "60" { // 10.30 am
		if m, _ := r.dottedWord(i+2, r.meridiems); m != "" {
			c.minute, i = minute, i+2
		}
	}
	end := i
	if c.meridiem, end = r.dottedWord(i, r.meridiems); c.meridiem != "" {
		if h := atoi(c.hour); h > 12 && c.minute == "" || !r.ends(end) && r.kind(end) != wordToken {
			return at
		}
		i = end
	} else if c.minute == "" {
		return at
	}
	if r.kind(i) == wordToken && r.zones[strings.ToLower(r.at(i))] && (r.tokens[i].caps || c.meridiem != "") {
		c.zone, i = r.zoneAt(i)
	}
	if !r.endsClock(i) {
		return at
	}
	if c.minute != "" && c.second == "" && c.meridiem == "" && c.zone == "" && r.isLength(at, i) {
		r.say(at, i, r.duration([]string{"m", "s"}, []string{c.hour, c.minute}))
		return i
	}
	r.say(at, i, r.clock(c))
	return i
}

// endsClock reports whether a time of day ends before a token: also before a slash that
// another time is behind.
func (r *reader) endsClock(at int) bool {
	return r.ends(at) || r.at(at) == "/" && r.isGlued(at+2, ":") && r.kind(at+1) == numberToken && r.glued(at+1)
}

// sayOtherTime is a rule for the slash between two times of day: 12:30/12:45.
func sayOtherTime(r *reader, at int) int {
	if r.at(at) != "/" || !r.isGlued(at-2, ":") || !r.glued(at) || !r.endsClock(at) || r.ends(at) {
		return at
	}
	r.pause(at)
	return at + 1
}

// sayLength says a time as a length of time, if words around it ask for that: la
// vidéo dure 3:45.
func (r *reader) sayLength(from, to int, c clock) bool {
	if c.minute == "" || c.meridiem != "" || c.zone != "" || !r.isGlued(from+1, ":") || !r.isLength(from, to) {
		return false
	}
	if c.second != "" {
		r.say(from, to, r.duration([]string{"h", "m", "s"}, []string{c.hour, c.minute, c.second}))
	} else {
		r.say(from, to, r.duration([]string{"m", "s"}, []string{c.hour, c.minute}))
	}
	return true
}

// isLength reports whether words around a time say that it is minutes and
// seconds: 1:00 long, lasts 3:45.
func (r *reader) isLength(from, to int) bool {
	return r.lengthBehind[strings.ToLower(r.at(to))] || r.lengthBefore[strings.ToLower(r.at(from-1))] ||
		r.at(from-1) == ":" && r.lengthBefore[strings.ToLower(r.at(from-2))]
}

// sexagesimal reads a colon and two digits of minutes or seconds.
func (r *reader) sexagesimal(at int) (string, bool) {
	digits := r.at(at + 1)
	return digits, r.isGlued(at, ":") && r.glued(at+1) && r.kind(at+1) == numberToken && len(digits) == 2 && digits < "60"
}

// spell makes engines spell letters: DNA is D.N.A, which they read as letters,
// without a pause behind it.
func spell(letters string) string {
	var b strings.Builder
	for i, c := range letters {
		if i > 0 && !isApostrophe(c) {
			b.WriteByte('.')
		}
		b.WriteRune(c)
	}
	return b.String()
}
