package textnorm

import (
	"strconv"
	"strings"
)

// newFrench is French as it is spoken in France and Canada, or with septante and
// nonante.
func newFrench(septante bool) *language {
	numerals := frenchNumerals{septante: septante}
	l := &language{
		numerals: numerals,
		particle: particles{
			digit: [10]string(frenchSmall[:10]), oh: "zéro",
			minus: "moins", plus: "plus", point: "virgule", to: "à", by: "par", per: "par", and: "et", over: "sur", of: "de", percent: "pour cent",
			ratio: "à", around: "environ", number: "numéro", sections: "paragraphes", or: "ou", out: "sur", hashtag: "hashtag", absolute: "valeur absolue de", factorial: "factorielle", times: "fois", power: "puissance",
			dot: "point", at: "arobase", slash: "barre oblique", colon: "deux points", dash: "tiret", underscore: "tiret bas", ampersand: "et",
		},
		group: " .'’_", decimal: ",",
		dayFirst:    true,
		longest:     24,
		names:       readNames("names-fr.tsv"),
		signs:       readSigns("signs-fr.tsv"),
		characters:  readSigns("characters-fr.tsv"),
		currencies:  readCurrencies("currencies-fr.tsv"),
		units:       readUnits("units-fr.tsv"),
		notUnits:    set("a y in à"),
		magnitudes:  magnitudes(`mille mille m, million millions m mio, milliard milliards m md mds mrd, billion billions m`),
		short:       magnitudes("mille mille m k, million millions m M, milliard milliards m Md Mds Mrd"),
		thousand:    "mille",
		elides:      true,
		oneBelowTwo: true,
		months: readMonths(`janvier janv jan, février févr fév, mars, avril avr, mai, juin, juillet juil, août,
			septembre sept, octobre oct, novembre nov, décembre déc`),
		monthNames: [13]string{"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		zones:      set("utc gmt cet cest est"),
		domains:    set("com org net info edu gmail hotmail yahoo outlook google youtube facebook twitter nvidia wikipedia amazon"),
		endings:    map[string]string{"fr": "f r", "ca": "c a", "be": "b e", "ch": "c h", "pdf": "p d f", "html": "h t m l", "txt": "t x t", "jpg": "j p g"},
		schemes:    set("http https ftp ssh"),

		spellAddresses:    true,
		wholeCountryCodes: true,
		fraction:          numerals.fraction,
		product: func(u, by unit) unit {
			return unit{one: u.one + " " + by.one, many: u.many + " " + by.many, gender: u.gender}
		},
		divisors: map[string]string{"a": "an", "an": "an"},
		power: func(u unit, exponent int) unit {
			name := [4]string{2: " carré", 3: " cube"}[exponent]
			return unit{one: u.one + name, many: u.many + name + "s", gender: u.gender}
		},
		ordinalEnd: frenchOrdinalEnd,
	}
	l.particle.aHalf, l.particle.outOf = "demi", "sur"
	l.lengthBefore = set("dure durée dura durait chrono")
	l.money = func(a amount) string { return l.moneyWords(a, "") }
	l.date = func(d date) string { return frenchDate(l, d) }
	l.clock = func(c clock) string { return frenchClock(l, c) }
	l.duration = func(units, values []string) string { return durationOf(l, units, values) }
	l.compass = map[string]string{"N": "nord", "S": "sud", "E": "est", "O": "ouest", "W": "ouest"}
	l.spellZone = lettersApart
	l.nounGender = frenchNounGender
	l.cross = "fois"
	l.timesOver = unit{one: "fois", many: "fois", gender: feminine}
	l.compared = set("plus moins mieux par sans la le")
	l.halves = frenchHalves()
	l.calls = set("tél tel téléphone portable mobile fax appelez appeler composez code pin isbn issn siret siren fixe")
	l.callWords = set("au le est numéro")
	l.addWeekdays("lundi lun,mardi mar,mercredi mer,jeudi jeu,vendredi ven,samedi sam,dimanche dim")
	l.initialisms = readWords("initialisms-fr.txt")
	l.smallWeekdays, l.raisedOrdinals = true, true
	l.powers = map[string]int{"sq": 2, "cu": 3}
	l.unitByName = func(name string) (unit, bool) { return unitOf(l, name) }
	l.punctuation(",;?(){}\"]", ".:-'![`")
	l.addPrefixed("si-fr.tsv")
	l.dials = []rule{sayFrenchPhone, sayTelephone}
	l.standardRules(own{
		chunk:  append(on(anyLetter, sayFrenchInclusive), on(anyDigit, sayShortDate, sayFrenchClock)...),
		sign:   on(anyBeyond, sayFrenchHalfSpoon),
		number: []rule{sayFrenchAddedTime, sayFrenchDecade, sayFrenchMany, sayFrenchHalfSpoon, sayFrenchMillion, sayChrono, sayFrenchMark, saySecond, sayDayAndMonth, sayFrenchDays, sayDayMonth, sayFrenchClock},
	})
	l.lexicon.add("le", sayHonourable)
	l.lexicon.add("la", sayHonourable)
	l.lexicon.add("m", sayFrenchCouple)
	l.lexicon.add("c", sayThatIs)
	l.lexicon.add("c", sayFrenchSpoon)
	l.lexicon.add("cuil", sayFrenchSpoon)
	for w := range strings.FieldsSeq("l r d") {
		l.lexicon.add(w, sayFrenchArticle)
	}
	for w := range strings.FieldsSeq("av apr ap") {
		l.lexicon.add(w, sayBeforeChrist)
	}
	for w := range strings.FieldsSeq("janv févr avr juil oct nov déc") {
		l.lexicon.add(w, sayMonth)
	}
	l.abbreviate(table("abbreviations-fr.tsv", 3))
	l.addBooks("books-fr.tsv")
	l.addChess(frenchChess)
	l.bookGender = masculine
	l.addGreek("alpha bêta gamma delta epsilon zêta êta thêta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi khi psi oméga")
	for w := range strings.FieldsSeq("chapitre tome acte scène partie phase type guerre livre volume article section") {
		l.addSection(w, romanBehind)
	}
	for n := 1; n < 40; n++ {
		numeral := strings.ToLower(toRoman(n))
		for ending := range strings.FieldsSeq("e er ère ème ᵉ ᵉʳ ᵉʳᵉ") {
			l.lexicon.add(numeral+ending, sayFrenchRomanOrdinal)
		}
		if n > 1 {
			l.lexicon.add(numeral, sayFrenchRoman)
		}
	}
	return l
}

func frenchDate(l *language, d date) string {
	month := l.monthNames[d.month]
	words := month
	switch {
	case d.day == 1:
		words = "premier " + month
	case d.day > 1:
		words = l.cardinal(strconv.Itoa(d.day), alone) + " " + month
	}
	if d.year != "" {
		words += " " + l.year(d.year)
	}
	return words
}

func frenchClock(l *language, c clock) string {
	noun := "heures"
	if h := atoi(c.hour); h == 0 || h == 1 {
		noun = "heure"
	}
	words := l.cardinal(c.hour, feminine) + " " + noun
	switch {
	case atoi(c.second) > 0: // both have their units
		words += " " + l.counted(numeral{whole: c.minute}, l.units["min"]) + " et " + l.counted(numeral{whole: c.second}, l.units["s"])
	case atoi(c.minute) > 0:
		words += " " + l.cardinal(c.minute, alone)
	}
	if c.zone != "" {
		words += " " + c.zone
	}
	return words
}

// sayFrenchClock is a rule for times of day: 14h30, 14 h 30, 14:30, 8 h.
func sayFrenchClock(r *reader, at int) int {
	c := clock{hour: r.at(at)}
	if r.kind(at) != numberToken || len(c.hour) > 2 || !r.starts(at) || atoi(c.hour) > 24 {
		return at
	}
	i := at + 1
	if next, ok := r.sexagesimal(i); ok {
		c.minute, i = next, i+2
		if next, ok := r.sexagesimal(i); ok {
			c.second, i = next, i+2
		}
	} else if w := strings.ToLower(r.at(i)); w == "h" {
		i++
		if m := r.at(i); r.kind(i) == numberToken && len(m) == 2 && m < "60" && r.glued(i) == r.glued(i-1) {
			c.minute, i = m, i+1
		} else if !r.glued(at + 1) {
			return at // a length of time: 8 h
		}
	} else {
		return at
	}
	if r.kind(i) == wordToken && r.zones[strings.ToLower(r.at(i))] && r.tokens[i].caps {
		c.zone, i = r.zoneAt(i)
	}
	if !r.endsClock(i) {
		return at
	}
	if r.sayLength(at, i, c) {
		return i
	}
	r.say(at, i, r.clock(c))
	return i
}

// frenchSeconds are the endings of second.
var frenchSeconds = set("nd nde nds ndes d de ds des")

// saySecond is a rule for 2nd and 2de, which are no deuxième.
func saySecond(r *reader, at int) int {
	ending := r.at(at + 1)
	if r.at(at) != "2" || !r.starts(at) || !r.glued(at+1) || !frenchSeconds[ending] || !r.ends(at+2) {
		return at
	}
	r.say(at, at+2, "secon"+strings.TrimPrefix(ending, "n"))
	return at + 2
}

// sayFrenchPhone is a rule for telephone numbers in pairs: 06 12 34 56 78,
// 06.12.34.56.78. A pair is a number; +33 before it leaves one digit.
func sayFrenchPhone(r *reader, at int) int {
	i, plus := at, r.at(at) == "+"
	if plus {
		i += 2
		if r.at(at+1) != "33" || !r.glued(at+1) {
			return at
		}
		if r.isGlued(i, "(") || r.at(i) == "(" && r.at(i+1) == "0" && r.at(i+2) == ")" {
			i += 3
		}
	}
	mark, first := "", i
	var pairs []int
	for k := range 5 {
		if k > 0 {
			if m := r.at(i); r.kind(i) == signToken && r.glued(i) && (m == "." || m == "-") && (k == 1 || m == mark) {
				mark = m
				i++
			} else if mark != "" || r.glued(i) {
				return at
			}
		}
		if w := r.at(i); r.kind(i) != numberToken || len(w) != 2 && !(k == 0 && plus && len(w) == 1) || k == 0 && !plus && w[0] != '0' {
			return at
		}
		pairs = append(pairs, i)
		i++
	}
	if !r.starts(at) || !r.ends(i) || r.kind(i) == numberToken {
		return at
	}
	if plus {
		r.say(at, first, r.particle.plus+" "+r.cardinal("33", alone)+",")
	}
	for k, pair := range pairs {
		words := r.cardinal(r.at(pair), alone)
		if r.at(pair)[0] == '0' {
			words = r.digitsOf(r.at(pair))
		}
		end := i
		if k+1 < len(pairs) {
			words += ","
			end = pairs[k+1]
		}
		r.say(pair, end, words)
	}
	return i
}

// sayThatIs is a rule for c.-à-d. and c.-a-d.
func sayThatIs(r *reader, at int) int {
	i := at + 1
	parts := []string{".", "-", "à", "-", "d"}
	if r.isGlued(at+2, "à") { // c.à.d.
		parts = []string{".", "à", ".", "d"}
	}
	for _, part := range parts {
		if !r.isGlued(i, part) && !(part == "à" && r.isGlued(i, "a")) {
			return at
		}
		i++
	}
	if !r.starts(at) {
		return at
	}
	if r.isGlued(i, ".") && r.kind(i+1) != noToken && !r.sentenceEnds(i+1) {
		i++
	}
	r.say(at, i, "c'est-à-dire")
	return i
}

// sayBeforeChrist is a rule for av. J.-C. and apr. J.-C.
func sayBeforeChrist(r *reader, at int) int {
	i := at + 1
	if r.isGlued(i, ".") {
		i++
	}
	if r.at(i) != "J" || !r.starts(at) {
		return at
	}
	for i++; r.isGlued(i, ".") || r.isGlued(i, "-"); i++ {
	}
	if r.at(i) != "C" {
		return at
	}
	end := i + 1
	if r.isGlued(end, ".") && r.kind(end+1) != noToken && !r.sentenceEnds(end+1) {
		end++
	}
	words := "après Jésus-Christ"
	if strings.EqualFold(r.at(at), "av") {
		words = "avant Jésus-Christ"
	}
	r.say(at, end, words)
	return end
}

// sayFrenchDays is a rule for several days of a month: 17/18/19 mars, 17-18 juin.
func sayFrenchDays(r *reader, at int) int {
	var days []string
	i := at
	for len(days) < 8 {
		if _, ok := r.dayNumber(i); !ok {
			return at
		}
		days = append(days, r.at(i))
		i++
		if !r.glued(i+1) || !r.isGlued(i, "/") && !(r.isGlued(i, "-") && r.areDaysInTurn(i)) {
			break
		}
		i++
	}
	month, end := r.monthAt(i)
	if len(days) < 2 || month == 0 || !r.starts(at) {
		return at
	}
	for k, day := range days {
		words := r.cardinal(day, alone)
		if atoi(day) == 1 {
			words = "premier"
		}
		r.say(at+2*k, at+2*k+1, words)
	}
	r.say(i, end, r.monthNames[month])
	return end
}

// areDaysInTurn reports whether the numbers around a token are days of which one
// follows the other, or behind "les": both are days, and none are between.
func (r *reader) areDaysInTurn(at int) bool {
	first, last := atoi(r.at(at-1)), atoi(r.at(at+1))
	return first+1 == last || r.at(at-2) == "les" && first < last
}

// frenchOrdinalEnd knows 1er, 1re, 2e, 3ème, 2nd.
func frenchOrdinalEnd(digits, ending string) (gender, bool) {
	switch strings.ToLower(ending) {
	case "er", "ers":
		return masculine, digits == "1"
	case "re", "ère", "ere", "res", "ères":
		return feminine, digits == "1"
	case "e", "ème", "eme", "ième", "nd", "nde", "es", "èmes":
		return masculine, true
	}
	return alone, false
}

// sayFrenchRomanOrdinal is a rule for Roman numerals with an ending: XXe siècle,
// François Ier.
func sayFrenchRomanOrdinal(r *reader, at int) int {
	w := r.at(at)
	for _, ending := range []string{"ère", "ème", "er", "e", "ᵉʳᵉ", "ᵉʳ", "ᵉ"} {
		base, ok := strings.CutSuffix(w, ending)
		if n := roman(base); ok && n > 0 && r.starts(at) && r.ends(at+1) {
			form := masculine
			if ending == "ère" || ending == "ᵉʳᵉ" {
				form = feminine
			}
			r.say(at, at+1, r.ordinal(itoa(n), form))
			return at + 1
		}
	}
	return at
}

// sayFrenchRoman is a rule for Roman numerals behind a name: Louis XIV.
func sayFrenchRoman(r *reader, at int) int {
	n := roman(r.at(at))
	if before := strings.ToLower(r.at(at - 1)); before == "mlle" || before == "mme" || before == "me" || before == "mr" || before == "dr" {
		return at // Mme X
	}
	if n == 0 || r.kind(at-1) != wordToken || !r.tokens[at-1].title || r.tokens[at-1].caps || !r.tokens[at].space || !r.ends(at+1) {
		return at
	}
	r.say(at, at+1, r.cardinal(itoa(n), alone))
	return at + 1
}
