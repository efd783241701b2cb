package textnorm

import "strings"

// sayGermanDecade is a rule for decades and what else is called by a number: die
// 1990er, in den 60ern, die 68er.
func sayGermanDecade(r *reader, at int) int {
	w, ending := r.at(at), r.at(at+1)
	if len(w) > 4 || w[0] == '0' || !r.starts(at) || !r.glued(at+1) || ending != "er" && ending != "ern" && ending != "ers" || !r.ends(at+2) && r.at(at+2) != "-" {
		return at
	}
	r.say(at, at+2, r.year(w)+ending)
	return at + 2
}

// sayGermanPostalCode is a rule for the code before a town, behind the number of a
// house or the sign of the country: Hauptstraße 5, 10115 Berlin; D-10115 Berlin.
func sayGermanPostalCode(r *reader, at int) int {
	country := r.isGlued(at, r.at(at)) && r.isDash(at-1) && r.glued(at-1) && len(r.at(at-2)) == 1 && r.tokens[at-2].title
	house := r.at(at-1) == "," && (r.kind(at-2) == numberToken || len(r.at(at-2)) == 1)
	if len(r.at(at)) != 5 || !country && !house || r.kind(at+1) != wordToken || r.glued(at+1) || !r.tokens[at+1].title {
		return at
	}
	r.say(at, at+1, r.digitsOf(r.at(at)))
	return at + 1
}

// sayGermanClockRange is a rule for those of several times of which only the last has
// its word: 8.00–12.00 Uhr, 12.30, 12.45 und 13.15 Uhr.
func sayGermanClockRange(r *reader, at int) int {
	if !r.starts(at) || !r.isPointedClock(at) {
		return at
	}
	const most = 8 // times
	last := at
	for k := 0; k < most && !strings.EqualFold(r.at(last+3), "uhr"); k++ {
		if joint := r.at(last + 3); !germanJoins[joint] || !r.isPointedClock(last+4) {
			return at
		}
		last += 4
	}
	if last == at || !strings.EqualFold(r.at(last+3), "uhr") {
		return at
	}
	r.say(at, at+3, r.clock(clock{hour: r.at(at), minute: r.at(at + 2)}))
	if r.isDash(at + 3) {
		r.say(at+3, at+4, r.particle.to)
		return at + 4
	}
	return at + 3
}

// isPointedClock reports whether hours and minutes with a full stop between are at a
// token.
func (r *reader) isPointedClock(at int) bool {
	minute := r.at(at + 2)
	hour := atoi(r.at(at))
	return hour >= 0 && hour <= 24 && r.isGlued(at+1, ".") && r.glued(at+2) && r.kind(at+2) == numberToken && len(minute) == 2 && minute <= "59"
}

// sayGermanBorn is a rule for the star before the year of a birth: * 1950.
func sayGermanBorn(r *reader, at int) int {
	if r.at(at) != "*" || !r.starts(at) || !r.yearAt(at+1) && !(r.kind(at+1) == numberToken && r.isGlued(at+2, ".")) || r.kind(at-1) == numberToken {
		return at
	}
	r.say(at, at+1, "geboren")
	return at + 1
}

// sayGermanPhone is a rule for the code of a place and a slash or a hyphen: 030/1234567.
func sayGermanPhone(r *reader, at int) int {
	code := r.at(at)
	if r.kind(at) != numberToken || code[0] != '0' || len(code) < 3 || len(code) > 6 || !r.starts(at) || r.at(at+1) != "/" && !(r.isGlued(at+1, "-") && r.glued(at+2) && len(r.at(at+2)) > 3) || r.kind(at+2) != numberToken || len(r.at(at+2)) < 2 {
		return at
	}
	end, digits := r.dialled(at)
	if digits < 6 {
		return at
	}
	r.sayDigits(at, end)
	return end
}

// sayFollowing is a rule for f. and ff. behind the number of a page.
func sayFollowing(r *reader, at int) int {
	if r.kind(at-1) != numberToken && r.at(at-1) != "." || r.kind(at-1) != numberToken && r.kind(at-2) != numberToken || r.tokens[at].title {
		return at
	}
	end := at + 1
	if r.isGlued(end, ".") && r.kind(end+1) != noToken {
		end++
	}
	r.say(at, end, "folgende")
	return end
}

// sayTimesWord is a rule for the x of "3 x täglich".
func sayTimesWord(r *reader, at int) int {
	if r.kind(at-1) != numberToken || r.kind(at+1) != wordToken || r.glued(at+1) || r.tokens[at].title {
		return at
	}
	r.say(at, at+1, r.particle.times)
	return at + 1
}

// germanKings are names behind which a Roman numeral is an ordinal, with its full
// stop or without.
var germanKings = set(`Friedrich Wilhelm Ludwig Karl Heinrich Otto Elisabeth Johannes Paul Benedikt Pius Leopold Franz Joseph Katharina Peter
	Georg Eduard Philipp Leo Nikolaus Alexander Napoleon Maximilian Ferdinand Rudolf Konrad Albrecht August Christian Gustav Ramses Margarete`)

// sayGermanRomanOrdinal is a rule for Roman numerals with a full stop before a
// noun: der II. Weltkrieg.
func sayGermanRomanOrdinal(r *reader, at int) int {
	n := roman(r.at(at))
	if n == 0 || !r.starts(at) || !r.isGlued(at+1, ".") || r.kind(at+2) != wordToken || !r.tokens[at+2].title || r.glued(at+2) ||
		germanEnding(r.at(at-1)) == "er" || !r.tokens[at].title {
		return at
	}
	r.say(at, at+2, germanNumerals{}.ordinalStem(itoa(n))+germanEnding(r.at(at-1)))
	return at + 2
}

// sayGermanHours is a rule for hours of the day by an h: ab 18h, 9-17h, 17h30, and
// 17.30 behind a word that times follow.
func sayGermanHours(r *reader, at int) int {
	hour := atoi(r.at(at))
	if len(r.at(at)) > 2 || hour < 0 || hour > 24 || !r.starts(at) {
		return at
	}
	timed := hoursFollow[strings.ToLower(r.at(at-1))]
	minute := r.at(at + 2)
	two := r.glued(at+2) && r.kind(at+2) == numberToken && len(minute) == 2 && minute < "60" && r.ends(at+3)
	switch {
	case r.isGlued(at+1, "h") && two, r.isGlued(at+1, ".") && two && timed && !r.isQuantity(at):
		r.say(at, at+3, r.clock(clock{hour: r.at(at), minute: minute}))
		return at + 3
	case timed && r.isGlued(at+1, ".") && r.glued(at+2) && len(minute) == 2 && minute < "60" && r.at(at+3) == "h" && r.ends(at+4): // um 8.15 h
		r.say(at, at+4, r.clock(clock{hour: r.at(at), minute: minute}))
		return at + 4
	case timed && r.isGlued(at+1, "h") && r.ends(at+2):
		r.say(at, at+2, r.clock(clock{hour: r.at(at)}))
		return at + 2
	case timed && r.isDash(at+1) && r.glued(at+1) && r.kind(at+2) == numberToken && r.isGlued(at+3, "h") && r.ends(at+4): // von 9-17h
		r.say(at, at+1, r.cardinal(r.at(at), masculine))
		r.say(at+1, at+2, r.particle.to)
		r.say(at+2, at+4, r.clock(clock{hour: r.at(at + 2)}))
		return at + 4
	}
	return at
}

// hoursFollow are words behind which 18h is a time of day.
var hoursFollow = set("ab um bis von gegen vor nach seit")

// sayGermanWritten is a rule for ordinals with their ending: 5te, 20sten, 1.000ste.
func sayGermanWritten(r *reader, at int) int {
	n, ok := r.numeral(at)
	ending := strings.TrimPrefix(r.at(n.end), "s")
	if !ok || n.point || len(n.whole) > longestOrdinal || n.whole[0] == '0' || !r.starts(at) || !r.glued(n.end) || !r.ends(n.end+1) || ending != "te" && ending != "ter" && ending != "ten" && ending != "tes" && ending != "tem" {
		return at
	}
	r.say(at, n.end+1, germanNumerals{}.ordinalStem(n.whole)+ending[1:])
	return n.end + 1
}

// longestOrdinal bounds the digits of an ordinal that is written with its ending.
const longestOrdinal = 12

// sayGermanPercentual is a rule for a percentage that is an adjective: 10%ige,
// 100%ig.
func sayGermanPercentual(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !r.starts(at) || r.at(n.end) != "%" || !r.glued(n.end+1) || !strings.HasPrefix(r.at(n.end+1), "ig") || !r.ends(n.end+2) {
		return at
	}
	r.say(at, n.end, r.numberWords(n, masculine))
	r.say(n.end, n.end+2, r.particle.percent+r.at(n.end+1))
	return n.end + 2
}

// sayGermanRound is a rule for a price without its currency: 5,-.
func sayGermanRound(r *reader, at int) int {
	n, ok := r.quantity(at)
	if !ok || !r.starts(at) || !r.isDash(n.end-1) || !r.glued(n.end-1) || !r.ends(n.end) {
		return at
	}
	if _, isMoney := r.currencies[strings.ToLower(r.at(n.end))]; isMoney {
		return at
	}
	r.say(at, n.end, r.cardinal(n.whole, alone))
	return n.end
}

// sayGermanHyphened is a rule for the slash behind a hyphen that stands for the
// second half of a word: Ober-/Unterhitze.
func sayGermanHyphened(r *reader, at int) int {
	if r.at(at) != "/" || !r.isGlued(at-1, "-") || r.kind(at-2) != wordToken || !r.glued(at) || !r.glued(at+1) || r.kind(at+1) != wordToken {
		return at
	}
	r.pause(at)
	return at + 1
}

// sayGermanSentence is a rule for the S. of a law, a sentence of a paragraph and
// no page: Abs. 1 S. 2.
func sayGermanSentence(r *reader, at int) int {
	i := at - 2
	if r.at(i) == "." {
		i--
	}
	if r.at(at) != "S" || !r.isGlued(at+1, ".") || r.kind(at+2) != numberToken || r.kind(at-1) != numberToken || !ofLaw[r.at(i)] {
		return at
	}
	r.say(at, at+2, "Satz")
	return at + 2
}

// ofLaw are what of a law has sentences.
var ofLaw = set("Abs Absatz Nr Nummer §")

// sayGermanSee is a rule for s. before a part of a text: s. S. 12, s. Abb. 3.
func sayGermanSee(r *reader, at int) int {
	if r.at(at) != "s" || !r.starts(at) || !r.isGlued(at+1, ".") || !seen[r.at(at+2)] {
		return at
	}
	r.say(at, at+2, "siehe")
	return at + 2
}

// seen are the parts of a text that a reader is sent to.
var seen = set("S Seite Abb Abbildung Tab Tabelle Kap Kapitel Abschn Abschnitt Anm Anmerkung Anl Anlage Anh Anhang Art Artikel Bd Band Fn Fußnote Nr Ziff Teil Punkt")

// sayGermanPart is a rule for a part of which a hyphen makes one word with a noun:
// 1/4-Finale is "viertel-Finale".
func sayGermanPart(r *reader, at int) int {
	part := germanParts[r.at(at+2)]
	if r.at(at) != "1" || part == "" || !r.starts(at) || !r.isGlued(at+1, "/") || !r.glued(at+2) || !r.isGlued(at+3, "-") || !r.glued(at+4) || r.kind(at+4) != wordToken || !r.tokens[at+4].title {
		return at
	}
	r.say(at, at+3, part)
	return at + 3
}

var germanParts = map[string]string{"2": "halb", "4": "viertel", "8": "achtel", "16": "sechzehntel"}

// germanYears is the unit of sayGermanYears; with these words before it, it is in the
// dative.
var (
	germanYears      = unit{one: "Jahr", many: "Jahre", gender: neuter}
	germanYearsRuled = set("ab mit von nach seit vor bei unter zu")
)

// sayGermanYears is a rule for an age or a time in years: ab 18 J., 3 J. alt. Energy has
// no full stop, but at the end of a sentence.
func sayGermanYears(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || n.grouped || !r.starts(at) || r.at(n.end) != "J" || r.glued(n.end) || !r.isGlued(n.end+1, ".") {
		return at
	}
	years := germanYears
	if germanYearsRuled[strings.ToLower(r.at(at-1))] {
		years.many = "Jahren"
	}
	end := n.end + 2
	if r.kind(end) == noToken { // the sentence's, too
		end--
	}
	r.say(at, end, r.counted(n, years))
	return end
}

// sayGermanDated is a rule for the short form of "vom" before a date: Urt. v. 3.5.2020.
func sayGermanDated(r *reader, at int) int {
	if r.tokens[at].title || !r.starts(at) || !r.isGlued(at+1, ".") || r.glued(at+2) {
		return at
	}
	day, ok := r.dayNumber(at + 2)
	if !ok || !r.isGlued(at+3, ".") {
		return at
	}
	month, end := r.monthAt(at + 4)
	if n, isNumber := r.dayNumber(at + 4); month == 0 && isNumber && n < 13 && r.isGlued(at+5, ".") {
		month, end = n, at+6
	}
	if month == 0 {
		return at
	}
	d := date{day: day, month: month, before: "vom"}
	if r.yearAt(end) {
		d.year, end = r.at(end), end+1
	}
	r.say(at, at+2, "vom")
	r.say(at+2, end, r.date(d))
	return end
}

// sayGermanOne is a rule for the number one behind a preposition, in the case that it
// asks for: mit 1 Auto, nach 1 Stunde, für 1 Tag.
func sayGermanOne(r *reader, at int) int {
	if r.at(at) != "1" || r.glued(at) || r.kind(at+1) != wordToken || !r.tokens[at+1].title || r.glued(at+1) || r.isMagnitude(at+1) {
		return at
	}
	if _, _, isUnit := r.unitAt(at + 1); isUnit { // von 1 KiB
		return at
	}
	g := r.nounGender(r, at+1)
	words := ""
	switch before := strings.ToLower(r.at(at - 1)); {
	case g == alone:
		return at
	case germanDatives[before] && g == feminine:
		words = "einer"
	case germanDatives[before]:
		words = "einem"
	case germanAccusatives[before] && g == masculine:
		words = "einen"
	default:
		return at
	}
	r.say(at, at+1, words)
	return at + 1
}

// germanDatives and germanAccusatives are prepositions that ask for one case only.
var (
	germanDatives     = set("mit von aus bei zu nach seit")
	germanAccusatives = set("für ohne durch gegen")
)

// sayGermanCenturies is a rule for the short form of a century in the genitive: in der
// Hälfte des 19. Jh.
func sayGermanCenturies(r *reader, at int) int {
	article := r.at(at - 3)
	if r.at(at-1) != "." || article != "des" && article != "eines" {
		return at
	}
	return r.sayAbbreviation(at, at+1, abbreviation{words: "jahrhunderts", when: "title"})
}
