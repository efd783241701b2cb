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
			dot: "punkt", at: "at", slash: "slash", colon: "doppelpunkt", dash: "bindestrich", underscore: "unterstrich", ampersand: "und",
		},
		group: ". ’'", decimal: ",",
		dayFirst:   true,
		longest:    24,
		names:      readNames("names-de.tsv"),
		signs:      readSigns("signs-de.tsv"),
		characters: readSigns("characters-de.tsv"),
		currencies: readCurrencies("currencies-de.tsv"),
		units:      readUnits("units-de.tsv"),
		notUnits:   set("in an am im a A B C D E F"),
		magnitudes: map[string]string{
			"tausend": "tausend", "million": "million", "millionen": "millionen", "mio": "millionen", "milliarde": "milliarde",
			"milliarden": "milliarden", "mrd": "milliarden", "billion": "billion", "billionen": "billionen", "bio": "billionen",
		},
		months: readMonths(`januar jan jänner, februar feb, märz mär mrz, april apr, mai, juni jun, juli jul, august aug,
			september sep sept, oktober okt, november nov, dezember dez`),
		monthNames: [13]string{"", "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		zones:      set("mez mesz utc gmt cet cest"),
		domains:    set("com org net info biz edu gov"),
		endings:    map[string]string{"de": "d e", "at": "a t", "ch": "c h", "eu": "e u", "pdf": "p d f", "html": "h t m l", "txt": "t x t", "jpg": "j p g", "mp3": "m p drei", "doc": "doc", "zip": "zip"},
		schemes:    set("http https ftp ssh"),

		spellAddresses:    true,
		wholeCountryCodes: true,
		fraction:          numerals.fraction,
		power:             germanPower,
	}
	l.money = func(a amount) string { return l.moneyWords(a, "") }
	l.date = func(d date) string { return germanDate(l, numerals, d) }
	l.clock = func(c clock) string { return germanClock(l, c) }
	l.duration = func(units, values []string) string {
		return durationOf(l, units, values, "und", map[string]unit{
			"h": {"stunde", "stunden", feminine}, "m": {"minute", "minuten", feminine}, "s": {"sekunde", "sekunden", feminine}, "ms": {"millisekunde", "millisekunden", feminine},
		})
	}
	l.unitByName = func(name string) (unit, bool) { return unitOf(l, name) }
	l.punctuation(",;!?()[]{}\"`", ".:-'")
	l.chunkRules = []rule{sayNumericDate, sayShortDate, sayTelephone, sayElectronic}
	l.numberRules = []rule{
		sayTelephone, sayDayMonth, sayGermanClock, sayGermanOrdinal, sayMoneyBehind, sayMeasure, sayFraction, sayDotted, saySerial, sayNumber,
	}
	l.signRules = []rule{sayTelephone, sayHandle, sayMoney, sayMinus, sayMinusApart, sayPerUnit, sayRange, sayPointFirst, sayFractionSign, sayName, saySign}
	l.capsRules = []rule{saySerial, sayInitials, sayCapitals}
	l.moneyWordRules()
	l.abbreviate(table("abbreviations-de.tsv", 3))
	for w := range strings.FieldsSeq("kapitel band teil akt szene weltkrieg phase stufe") {
		l.lexicon.add(w, romanBehind)
	}
	for n := 2; n < 40; n++ {
		l.lexicon.add(strings.ToLower(toRoman(n)), sayGermanRoman)
	}
	return l
}

// moneyWordRules lets currencies that are written in letters begin amounts.
func (l *language) moneyWordRules() {
	for key := range l.currencies {
		if letters := strings.TrimRight(key, "$¥"); letters != "" && letters[0] >= 'a' && letters[0] <= 'z' {
			l.lexicon.add(letters, sayMoney)
		}
	}
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
	case "der", "die", "das", "jede", "diese":
		return "e"
	}
	return "er"
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
	if atoi(c.minute) > 0 {
		words += " " + l.cardinal(c.minute, alone)
	}
	if atoi(c.second) > 0 {
		words += " und " + l.cardinal(c.second, feminine) + " sekunden"
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
	if !uhr && (c.minute == "" || point || !r.ends(i)) {
		return at
	}
	if uhr {
		i++
	}
	if r.kind(i) == wordToken && r.zones[strings.ToLower(r.at(i))] {
		c.zone = lettersApart(r.at(i))
		i++
	}
	r.say(at, i, r.clock(c))
	return i
}

// sayGermanOrdinal is a rule for a number and a full stop that is not the
// sentence's: der 2. Weltkrieg, or a number alone.
func sayGermanOrdinal(r *reader, at int) int {
	w := r.at(at)
	if len(w) > 4 || w[0] == '0' || !r.starts(at) || !r.isGlued(at+1, ".") || r.glued(at+2) && r.kind(at+2) != signToken {
		return at
	}
	alone := r.kind(at+2) == noToken
	if alone && at > 0 || !alone && r.kind(at+2) != wordToken || !alone && r.tokens[at+2].title && starters[r.at(at+2)] {
		return at
	}
	r.say(at, at+2, germanNumerals{}.ordinalStem(w)+germanEnding(r.at(at-1)))
	return at + 2
}

// sayGermanRoman is a rule for Roman numerals behind a name: Karl V., Ludwig XIV.
func sayGermanRoman(r *reader, at int) int {
	n := roman(r.at(at))
	if n == 0 || r.kind(at-1) != wordToken || !r.tokens[at-1].title || r.tokens[at-1].caps || !r.tokens[at].space || !r.isGlued(at+1, ".") {
		return at
	}
	end := at + 1
	if r.kind(at+2) == wordToken && !r.glued(at+2) {
		end++
	}
	r.say(at, end, "der "+germanNumerals{}.ordinalStem(itoa(n))+"e")
	return end
}
