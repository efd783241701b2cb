package textnorm

import (
	"strconv"
	"strings"
)

func newGerman() *language {
	numerals := germanNumerals{}
	l := &language{
		numerals: numerals,
		particle: particles{
			digit: [10]string(germanSmall[:10]), oh: "null",
			minus: "minus", plus: "plus", point: "komma", to: "bis", by: "mal", per: "pro", and: "und", over: "durch", percent: "prozent",
			ratio: "zu", around: "etwa", number: "nummer", sections: "paragrafen", or: "oder", hashtag: "hashtag", absolute: "betrag von", factorial: "fakultät", times: "mal", power: "hoch",
			dot: "punkt", at: "at", slash: "slash", colon: "doppelpunkt", dash: "bindestrich", underscore: "unterstrich", ampersand: "und",
		},
		group: ". ’'_", decimal: ",",
		dayFirst: true, capitalNouns: true, looseCodes: true, notCodes: set("dem"),
		longest:    24,
		names:      readNames("names-de.tsv"),
		signs:      readSigns("signs-de.tsv"),
		characters: readSigns("characters-de.tsv"),
		currencies: readCurrencies("currencies-de.tsv"),
		units:      readUnits("units-de.tsv"),
		notUnits:   set("in an am im a B C D E F"),
		magnitudes: magnitudes(`tausend tausend n tsd, million millionen f mio mill, milliarde milliarden f mrd,
			billion billionen f bio, billiarde billiarden f`),
		short:    magnitudes("tausend tausend n k T, million millionen f M Mio, milliarde milliarden f Mrd"),
		thousand: "tausend",
		months: readMonths(`januar jan jänner, februar feb, märz mär mrz, april apr, mai, juni jun, juli jul, august aug,
			september sep sept, oktober okt, november nov, dezember dez`),
		monthNames: [13]string{"", "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		zones:      set("mez mesz wez utc gmt cet cest est edt cst cdt mst pst pdt bst msk"),
		domains:    set("com org net info biz edu gov web live shop blog news online"),
		endings:    map[string]string{"de": "d e", "at": "a t", "ch": "c h", "eu": "e u", "pdf": "p d f", "html": "h t m l", "txt": "t x t", "jpg": "j p g", "mp3": "m p drei", "doc": "doc", "zip": "zip"},
		schemes:    set("http https ftp ssh"),

		spellAddresses:    true,
		wholeCountryCodes: true,
		fraction:          numerals.fraction,
		power:             germanPower,
		product:           firstAlike,
		divisors:          map[string]string{"a": "jahr"},
	}
	l.particle.outOf = "von"
	l.money = func(a amount) string { return l.moneyWords(a, "") }
	l.date = func(d date) string { return germanDate(l, numerals, d) }
	l.clock = func(c clock) string { return germanClock(l, c) }
	l.duration = func(units, values []string) string { return durationOf(l, units, values) }
	l.compass = map[string]string{"N": "nord", "S": "süd", "O": "ost", "E": "ost", "W": "west"}
	l.spellZone = lettersApart
	l.nounGender = germanNounGender
	l.cross = "mal"
	l.ratioApart = true
	l.timesOver = unit{one: "mal", many: "mal", gender: neuter}
	l.halves = germanHalves
	l.calls = set("tel telefon fon handy mobil fax ruf notruf rufnummer telefonnummer nummer pin code wählen hotline durchwahl plz isbn issn blz konto kontonummer kontonr bankleitzahl steuernummer kundennummer vorwahl postleitzahl")
	l.callWords = set("unter die der nr lautet ist")
	l.addWeekdays("montag mo mon,dienstag di,mittwoch mi,donnerstag do don,freitag fr,samstag sa sam,sonntag so")
	l.powers = map[string]int{"sq": 2, "cu": 3}
	l.unitByName = func(name string) (unit, bool) { return unitOf(l, name) }
	l.punctuation(",;?(){}\"]", ".:-'![`")
	l.addPrefixed("si-de.tsv")
	l.standardRules(own{
		chunk: on(anyDigit, sayShortDate, sayGermanDays),
		number: []rule{sayGermanOne, sayGermanPostalCode, sayGermanPercentual, sayGermanRound, sayGermanPart, sayChrono, sayGermanCompound, sayGermanDecade, sayGermanTwoDays, sayGermanSpacedDate, sayGermanDays, sayDayMonth, sayGermanClockRange, sayGermanClock, sayGermanHours, sayGermanWritten,
			sayGermanThousandth, sayGermanYears, sayGermanLastOrdinal, sayGermanPoint, sayGermanOrdinal},
		sign: append(on("*:_/·", sayGermanGender), append(on("*", sayGermanBorn), on("/", sayGermanHyphened)...)...),
	})
	l.lexicon.add("s", sayGermanSentence)
	l.lexicon.add("s", sayGermanSee)
	for _, short := range []string{"jh", "jhd", "jhdt"} {
		l.lexicon.add(short, sayGermanCenturies)
	}
	l.abbreviate(table("abbreviations-de.tsv", 3))
	l.stopRules = []rule{sayGermanStreet}
	l.dials = []rule{sayGermanPhone, sayTelephone}
	l.initialisms = readWords("initialisms-de.txt")
	l.lengthBehind = set("minuten stunden std lang")
	l.lengthBefore = set("laufzeit dauer spielzeit spieldauer dauert dauerte länge")
	l.lexicon.add("f", sayFollowing)
	l.lexicon.add("x", sayTimesWord)
	l.lexicon.add("v", sayGermanDated)
	l.lexicon.add("ff", sayFollowing)
	l.addBooks("books-de.tsv")
	l.addChess(germanChess)
	l.bookGender = masculine
	l.addGreek("alpha beta gamma delta epsilon zeta eta theta jota kappa lambda mü nü xi omikron pi rho sigma tau ypsilon phi chi psi omega")
	for w := range strings.FieldsSeq("kapitel band teil akt szene weltkrieg phase stufe buch abschnitt artikel klasse typ abbildung tabelle") {
		l.addSection(w, romanBehind)
	}
	for n := 1; n < 40; n++ {
		l.lexicon.add(strings.ToLower(toRoman(n)), sayGermanRoman)
		l.lexicon.add(strings.ToLower(toRoman(n)), sayGermanRomanOrdinal)
		l.lexicon.add(strings.ToLower(toRoman(n)), sayGermanRomanFirst)
	}
	return l
}

// newSwissGerman is German where the Swiss franc is the franc.
func newSwissGerman() *language {
	l := newGerman()
	l.currencies["chf"] = l.currencies["fr"]
	l.smallFrancs = true
	return l
}

func germanPower(u unit, exponent int) unit {
	name := [4]string{2: "quadrat ", 3: "kubik "}[exponent]
	return unit{one: name + u.one, many: name + u.many, gender: u.gender}
}

// germanEnding is how an ordinal ends behind a word: am dritten, der dritte,
// dritter.
func germanEnding(before string) string {
	switch strings.ToLower(before) {
	case "am", "dem", "vom", "zum", "den", "bis", "seit", "ab", "im", "beim", "des", "zur":
		return "en"
	case "jedem", "jeden", "diesem", "diesen", "einem", "einen":
		return "en"
	case "der", "die", "das", "jede", "diese", "jeder", "jedes", "dieser", "dieses", "jener", "welcher":
		return "e"
	}
	return germanPossessiveEnding(strings.ToLower(before))
}

func germanDate(l *language, g germanNumerals, d date) string {
	month := l.monthNames[d.month]
	words := month
	if d.day > 0 {
		words = g.ordinalStem(strconv.Itoa(d.day)) + germanEnding(d.before) + " " + month
	}
	if d.year != "" {
		words += " " + l.year(d.year)
	}
	return words
}

func germanClock(l *language, c clock) string {
	hour := l.cardinal(c.hour, masculine)
	words := hour + " uhr"
	switch {
	case atoi(c.second) > 0: // both have their units: zwei uhr fünfzehn minuten zehn sekunden
		words += " " + l.counted(numeral{whole: c.minute}, l.units["min"]) + " " + l.counted(numeral{whole: c.second}, l.units["s"])
	case atoi(c.minute) > 0:
		words += " " + l.cardinal(c.minute, alone)
	}
	if c.zone != "" {
		words += " " + c.zone
	}
	return words
}

// sayGermanClock is a rule for times of day: 11:30 Uhr, 11.30 Uhr, 8 Uhr, 11:30.
func sayGermanClock(r *reader, at int) int {
	c := clock{hour: r.at(at)}
	if len(c.hour) > 2 || !r.starts(at) || atoi(c.hour) > 24 {
		return at
	}
	i := at + 1
	point := false
	if next, ok := r.sexagesimal(i); ok {
		c.minute, i = next, i+2
		if next, ok := r.sexagesimal(i); ok {
			c.second, i = next, i+2
		}
	} else if m := r.at(i + 1); r.isGlued(i, ".") && r.glued(i+1) && r.kind(i+1) == numberToken && len(m) == 2 && m < "60" {
		c.minute, i, point = m, i+2, true
	}
	uhr := strings.EqualFold(r.at(i), "uhr")
	if !uhr && (c.minute == "" || point || !r.endsClock(i)) {
		return at
	}
	if c.second != "" && !uhr && r.isLength(at, i) { // 2:01:39 Stunden
		end := i + btoi(r.kind(i) == wordToken && r.at(i) != "lang" && r.lengthBehind[strings.ToLower(r.at(i))])
		r.say(at, end, r.duration([]string{"h", "m", "s"}, []string{c.hour, c.minute, c.second}))
		return end
	}
	if c.minute != "" && c.second == "" && !uhr && r.isLength(at, i) {
		units := []string{"m", "s"}
		if w := strings.ToLower(r.at(i)); w != "minuten" {
			units = []string{"h", "m"}
		}
		if w := strings.ToLower(r.at(i)); w == "lang" || !r.lengthBehind[w] {
			r.say(at, i, r.duration([]string{"m", "s"}, []string{c.hour, c.minute}))
			return i
		}
		r.say(at, i+1, r.duration(units, []string{c.hour, c.minute}))
		return i + 1
	}
	if uhr || r.at(i) == "h" && c.minute != "" && !point {
		i++
	}
	if r.kind(i) == wordToken && r.zones[strings.ToLower(r.at(i))] {
		c.zone, i = r.zoneAt(i)
	}
	r.say(at, i, r.clock(c))
	return i
}

// sayGermanDays is a rule for days with full stops where nothing else can be
// meant: am 1.5. um zehn, vom 3.4. bis 5.4., 1.–5. Mai.
func sayGermanDays(r *reader, at int) int {
	day, ok := r.dayNumber(at)
	if !ok || !r.starts(at) || !r.isGlued(at+1, ".") {
		return at
	}
	stem := func(n int, before int) string {
		return germanNumerals{}.ordinalStem(itoa(n)) + germanEnding(r.at(before))
	}
	if r.isDash(at+2) && r.isGlued(at+4, ".") { // 1.–5. Mai
		last, ok := r.dayNumber(at + 3)
		month, _ := r.monthAt(at + 5)
		if !ok || last <= day {
			return at
		}
		if month == 0 { // 1.–3. Klasse
			if r.kind(at+5) != wordToken || !r.tokens[at+5].title || r.glued(at+5) || !isCounted(r.at(at+5)) {
				return at
			}
			ending := r.germanOrdinalEnding(at)
			r.say(at, at+2, germanNumerals{}.ordinalStem(itoa(day))+ending)
			r.say(at+2, at+3, r.particle.to)
			r.say(at+3, at+5, germanNumerals{}.ordinalStem(itoa(last))+ending)
			return at + 5
		}
		ending := "en"
		if e := germanEnding(r.at(at - 1)); e != "er" {
			ending = e
		}
		r.say(at, at+2, germanNumerals{}.ordinalStem(itoa(day))+ending)
		r.say(at+2, at+3, r.particle.to)
		r.say(at+3, at+5, germanNumerals{}.ordinalStem(itoa(last))+ending)
		return at + 5
	}
	month, ok := r.dayNumber(at + 2)
	if !ok || month > 12 || len(r.at(at)) == 2 && len(r.at(at+2)) == 2 || !r.glued(at+2) || !r.isGlued(at+3, ".") ||
		r.glued(at+4) && r.kind(at+4) == numberToken {
		return at
	}
	word := r.germanDatesBefore(at)
	weekday, onWeekday := r.weekdayBefore(at)
	if onWeekday {
		word = weekday - 1 // am Mo., 3.2.
	}
	dated := r.isGlued(at+4, ",") || r.isGlued(at+4, ")") || germanEnding(r.at(word)) != "er" || r.at(at-1) == "," && r.kind(at-2) == wordToken || r.isDash(at-1) ||
		at == 0 && r.kind(at+4) == noToken || onWeekday ||
		r.kind(at+4) == wordToken && !r.tokens[at+4].title || r.isDash(at+4)
	if !dated {
		return at
	}
	end := at + 4
	if r.kind(end) == noToken { // the full stop is the sentence's, too
		end--
	}
	r.say(at, end, stem(day, word)+" "+stem(month, word))
	return end
}

// germanDatesBefore is the token before the dates of which the last is at a token: "am"
// of am 1.5., 2.5. und 3.5.
func (r *reader) germanDatesBefore(at int) int {
	const most = 8 // dates
	for range most {
		if !germanJoins[r.at(at-1)] || r.at(at-2) != "." || r.kind(at-3) != numberToken || r.at(at-4) != "." || r.kind(at-5) != numberToken {
			break
		}
		at -= 5
	}
	return at - 1
}

// weekdayBefore is the token of a day of the week right before a token, its full
// stop or a comma between: Mo., 3.2.
func (r *reader) weekdayBefore(at int) (int, bool) {
	i := at - 1
	for i > at-3 && (r.at(i) == "," || r.at(i) == ".") {
		i--
	}
	w := strings.ToLower(r.at(i))
	if r.kind(i) != wordToken || !r.tokens[i].title {
		return at, false
	}
	return i, r.weekdays[w] != "" || strings.HasSuffix(w, "tag") && len(w) < 11 || w == "mittwoch" || w == "sonnabend"
}

// sayGermanOrdinal is a rule for a number and a full stop that is not the
// sentence's: der 2. Weltkrieg, or a number alone.
func sayGermanOrdinal(r *reader, at int) int {
	w := r.at(at)
	if len(w) > 4 || w[0] == '0' || !r.starts(at) || !r.isGlued(at+1, ".") || r.glued(at+2) && r.kind(at+2) != signToken {
		return at
	}
	alone := r.kind(at+2) == noToken
	if mark := r.at(at + 2); !alone && r.glued(at+2) && (mark == "," || mark == ")") && germanEnding(r.at(at-1)) != "er" { // der 1., der
		r.say(at, at+2, germanNumerals{}.ordinalStem(w)+germanEnding(r.at(at-1)))
		return at + 2
	}
	if r.isGlued(at+2, ",") && r.kind(at+3) == numberToken && !r.glued(at+3) && r.isGlued(at+4, ".") && !r.glued(at+5) { // 1., 2. und 3. Preis
		r.say(at, at+2, germanNumerals{}.ordinalStem(w)+r.germanOrdinalEnding(at))
		return at + 2
	}
	if alone && at > 0 || !alone && r.kind(at+2) != wordToken || germanNumbered[r.at(at-1)] || r.at(at-1) == "." && germanNumbered[r.at(at-2)] {
		return at
	}
	// A noun has a capital, as the next sentence has.
	if !alone && r.tokens[at+2].title && at > 0 && !isCounted(r.at(at+2)) && (germanEnding(r.at(at-1)) == "er" && !germanStems[strings.ToLower(r.at(at-1))] || starters[r.at(at+2)] || germanStarters[r.at(at+2)]) {
		if !r.ordinalBefore(at) {
			return at
		}
	}
	r.say(at, at+2, germanNumerals{}.ordinalStem(w)+r.germanOrdinalEnding(at))
	return at + 2
}

// beforeJoined is the word before the ordinals of which one is at a token: "am" of
// am 1., 2. und 3. Mai.
func (r *reader) beforeJoined(at int) string {
	for range 8 {
		switch r.at(at - 1) {
		case "und", "oder", "bis", ",":
			if r.at(at-2) == "." && r.kind(at-3) == numberToken {
				at -= 3
				continue
			}
		}
		break
	}
	return r.at(at - 1)
}

// germanCenturies are nouns that a number before them counts off.
var germanCenturies = set("Jh Jhd Jhdt Jahrhundert Jahrhunderts Jahrtausend Weltkrieg Weltkriegs Mal Bundesliga Liga Platz Rang Stock Stockwerk Etage Klasse Quartal Halbjahr Geburtstag Jahrestag Spieltag Semester OG UG Teil Akt Satz")

// ordinalBefore reports whether the word before a number asks for an ordinal: an
// adjective or a pronoun with an ending (unser 5. Jahr), another ordinal (5. und
// 6. Klasse).
func (r *reader) ordinalBefore(at int) bool {
	w := strings.ToLower(r.at(at - 1))
	if w == "und" || w == "oder" || w == "bis" || w == "," {
		return r.at(at-2) == "."
	}
	return germanPronouns[strings.TrimRight(w, "emnrs")] || germanPronouns[w]
}

var (
	germanStarters = set("Sie Er Es Wir Ich Ihr Der Die Das Den Dem Ein Eine Und Aber Doch Dann Da Hier Heute Morgen Gestern Nun Jetzt Auch Nur Im Am In Auf Mit Bei Nach Von Vor Zu Was Wer Wie Wo Wann Warum Ja Nein Nicht Danach Dort Deshalb")
	germanPronouns = set("mein dein sein ihr unser euer eur kein ein jed dies jen welch all letzt erst")
)

// sayGermanStreet is a rule for words of which the last part is shortened:
// Hauptstr. 5, Marktpl. 3.
func sayGermanStreet(r *reader, at int) int {
	w := r.at(at)
	for short, long := range germanPlaces {
		base, ok := strings.CutSuffix(w, short)
		if !ok || len(base) < 3 || !r.starts(at) {
			continue
		}
		end := at + 2
		if r.kind(end) == noToken || r.kind(end) == wordToken && r.tokens[end].title {
			end-- // the full stop is the sentence's, too
		}
		r.say(at, end, base+long)
		return end
	}
	return at
}

var germanPlaces = map[string]string{"str": "straße", "pl": "platz"}

// sayGermanRoman is a rule for Roman numerals behind a name: Karl V., Ludwig XIV.
func sayGermanRoman(r *reader, at int) int {
	n := roman(r.at(at))
	if n == 0 || r.kind(at-1) != wordToken || !r.tokens[at-1].title || r.tokens[at-1].caps || !r.tokens[at].space || !r.isGlued(at+1, ".") && (!germanKings[strings.TrimSuffix(r.at(at-1), "s")] && !germanKings[r.at(at-1)] || !r.ends(at+1)) {
		return at
	}
	end := at + 1
	if next := r.kind(at + 2); r.isGlued(end, ".") && (next == wordToken && !r.glued(at+2) || next == signToken && r.glued(at+2)) {
		end++
	}
	r.say(at, end, r.germanRegnal(n, at-1))
	return end
}
