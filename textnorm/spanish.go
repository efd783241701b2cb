package textnorm

import (
	"strconv"
	"strings"
)

// country is what differs between the places where Spanish is written.
type country struct {
	point bool // the decimal mark is a point, as in North and Central America
	pesos bool // $ is the peso
}

var (
	spain   = country{}
	america = country{point: true}
)

// countries are the tags of Spanish outside of Spain, in lower case.
var countries = map[string]country{
	"es-419": america, "es-us": america, "es-pr": america, "es-sv": america, "es-pa": america, "es-gt": america, "es-hn": america, "es-ni": america, "es-pe": america,
	"es-mx": {point: true, pesos: true}, "es-do": {point: true, pesos: true}, "es-cu": {point: true, pesos: true},
	"es-ar": {pesos: true}, "es-cl": {pesos: true}, "es-co": {pesos: true}, "es-uy": {pesos: true},
}

func newSpanish(where country) *language {
	decimal, group := ",", ". '’_"
	if where.point {
		decimal, group = ".", ", '’_"
	}
	numerals := spanishNumerals{}
	l := &language{
		numerals: numerals,
		particle: particles{
			digit: [10]string(spanishSmall[:10]), oh: "cero",
			minus: "menos", plus: "más", point: "coma", to: "a", by: "por", per: "por", and: "y", over: "sobre", of: "de", percent: "por ciento",
			ratio: "a", around: "unos", number: "número", sections: "secciones", or: "o", hashtag: "hashtag", absolute: "valor absoluto de", factorial: "factorial", times: "por", power: "elevado a",
			dot: "punto", at: "arroba", slash: "barra", colon: "dos puntos", dash: "guion", underscore: "guion bajo", ampersand: "y",
		},
		group: group, decimal: decimal,
		dayFirst:   true,
		longest:    30,
		names:      readNames("names-es.tsv"),
		signs:      readSigns("signs-es.tsv"),
		characters: readSigns("characters-es.tsv"),
		currencies: readCurrencies("currencies-es.tsv"),
		looseCodes: true,
		units:      readUnits("units-es.tsv"),
		notUnits:   set("a e o y u in"),
		magnitudes: magnitudes(`mil mil m, millón millones m mill mm millon, billón billones m billon, trillón trillones m`),
		short:      magnitudes("mil mil m k, millón millones m M"),
		thousand:   "mil",
		months: readMonths(`enero ene, febrero feb febr, marzo mar mzo, abril abr, mayo may, junio jun, julio jul, agosto ago agt,
			septiembre setiembre sep sept set setbre, octubre oct octbre, noviembre nov novbre, diciembre dic dicbre`),
		monthNames: [13]string{"", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		meridiems:  map[string]string{"am": "a.m", "pm": "p.m"},
		zones:      set("est edt cst cdt mst mdt pst pdt ast adt gmt utc cet cest wet west eet eest msk jst art brt clt clst cot pet vet bot uyt pyt ect"),
		domains:    set("com org net info gmail hotmail yahoo outlook google youtube facebook twitter nvidia wikipedia amazon"),
		endings:    map[string]string{"es": "e s", "mx": "m x", "ar": "a r", "pdf": "p d f", "html": "h t m l", "txt": "t x t", "jpg": "j p g"},
		schemes:    set("http https ftp ssh"),

		spellAddresses:    true,
		wholeCountryCodes: true,
		fraction:          numerals.fraction,
		product: func(u, by unit) unit { // newtons metro
			return unit{one: u.one + " " + by.one, many: u.many + " " + by.one, gender: u.gender}
		},
		divisors: map[string]string{"a": "año"},
		power: func(u unit, exponent int) unit {
			name := [4]string{2: " cuadrado", 3: " cúbico"}[exponent]
			if u.gender == feminine {
				name = strings.TrimSuffix(name, "o") + "a"
			}
			return unit{one: u.one + name, many: u.many + name + "s", gender: u.gender}
		},
		ordinalEnd: spanishOrdinalEnd,
	}
	l.apostrophe = where == spain
	if where.point {
		l.particle.point = "punto"
	}
	if where.pesos {
		l.currencies["$"] = currency{unit{one: "peso", many: "pesos", gender: masculine}, unit{one: "centavo", many: "centavos", gender: masculine}}
	}
	l.withDecimals = func(n numeral, g gender) string {
		whole := numerals.cardinal(n.whole, alone)
		if g == feminine {
			whole = numerals.cardinal(n.whole, feminine)
		}
		return whole + " " + l.particle.point + " " + beforeNoun(numerals.decimals(n.decimals), g)
	}
	l.particle.outOf = "de"
	l.money = func(a amount) string { return l.moneyWords(a, "") }
	l.date = func(d date) string { return spanishDate(l, d) }
	l.clock = func(c clock) string { return spanishClock(l, c) }
	l.duration = func(units, values []string) string { return durationOf(l, units, values) }
	l.durationAnd = true
	l.lengthBefore = set("dura duración duró duraba")
	l.compass = map[string]string{"N": "norte", "S": "sur", "E": "este", "O": "oeste", "W": "oeste"}
	l.spellZone = spanishZone
	l.nounGender = spanishNounGender
	l.cross = "por"
	l.timesOver = unit{one: "vez", many: "veces", gender: feminine}
	l.compared = set("más menos mejor peor mayor menor al a por")
	l.halves = romanceHalves("medio", "media", "y", spanishNounGender)
	l.calls = set("tel teléfono tlf tfno móvil fax llame llama llamar marque marca pin código cp isbn issn dni nif cif nie whatsapp")
	l.callWords = set("al el es n número")
	l.addWeekdays("lunes lun lu,martes mar,miércoles mié mie miér,jueves jue ju,viernes vie vier,sábado sáb sab sá,domingo dom")
	l.initialisms = readWords("initialisms-es.txt")
	l.smallWeekdays, l.raisedOrdinals = true, true
	l.powers = map[string]int{"sq": 2, "cu": 3}
	l.unitByName = func(name string) (unit, bool) { return unitOf(l, name) }
	l.punctuation(",;?(){}\"]", ".:-'![`")
	l.addPrefixed("si-es.tsv")
	l.standardRules(own{
		chunk:  append(on(anyLetter, sayBothGenders), on(anyDigit, saySpanishClock)...),
		number: []rule{sayChrono, saySpanishMillion, sayDayAndMonth, saySpanishDay, saySpanishClock, saySpanishEight},
	})
	l.lexicon.add("a", saySpanishChrist)
	l.lexicon.add("d", saySpanishChrist)
	l.lexicon.add("c", sayCalle)
	l.lexicon.add("s", sayWithoutNumber)
	l.lexicon.add("p", sayPaseo)
	l.addRaisedTitles(map[string]string{"d": "doña", "sr": "señora", "dr": "doctora", "prof": "profesora", "m": "María"})
	l.abbreviate(table("abbreviations-es.tsv", 3))
	l.addBooks("books-es.tsv")
	l.addChess(spanishChess)
	l.bookGender = feminine // carta
	l.addGreek("alfa beta gamma delta épsilon zeta eta theta iota kappa lambda mi ni xi ómicron pi rho sigma tau ípsilon fi ji psi omega")
	for month := range l.months {
		l.lexicon.add(month, sayMonth)
	}
	for w := range strings.FieldsSeq("capítulo siglo siglos capítulos tomos tomo parte acto escena fase tipo guerra libro volumen artículo título") {
		l.addSection(w, romanBehindAnyCase)
	}
	for n := 1; n < 40; n++ {
		l.lexicon.add(strings.ToLower(toRoman(n)), sayRomanFirst)
		l.lexicon.add(strings.ToLower(toRoman(n)), saySpanishRoman)
	}
	return l
}

func spanishDate(l *language, d date) string {
	month := l.monthNames[d.month]
	words := month
	switch {
	case d.day == 1:
		words = "primero de " + month
	case d.day > 1:
		words = l.cardinal(strconv.Itoa(d.day), alone) + " de " + month
	}
	if d.year != "" {
		words += " de " + l.year(d.year)
	}
	return words
}

// saySpanishDay is a rule for 31 marzo, 5 de mayo de 2020.
func saySpanishDay(r *reader, at int) int {
	day, ok := r.dayNumber(at)
	if !ok || !r.starts(at) {
		return at
	}
	i := at + 1
	of := strings.EqualFold(r.at(i), "de")
	if of {
		i++
	}
	month, end := r.monthAt(i)
	if month == 0 {
		return at
	}
	d := date{day: day, month: month, dayFirst: true}
	y := end
	if w := strings.ToLower(r.at(y)); w == "de" || w == "del" {
		y++
	}
	if r.yearAt(y) {
		d.year, end = r.at(y), y+1
	}
	r.say(at, end, r.date(d))
	return end
}

// sayPartsOf is a rule for a whole number and a fraction of a unit: 3 3/5 m is
// tres y tres quintos de metro.
func sayPartsOf(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || n.point || !r.starts(at) {
		return at
	}
	words, end := r.fractionAt(n.end)
	if end == n.end || r.particle.of == "" {
		return at
	}
	u, behind, ok := r.unitAt(end)
	if !ok {
		return at
	}
	r.say(at, n.end, r.cardinal(n.whole, alone))
	r.say(n.end, behind, r.particle.and+" "+words+" "+r.particle.of+" "+u.one)
	return behind
}

// spanishOrdinalEnd knows 1er, 2do, 3ra.
func spanishOrdinalEnd(_, ending string) (gender, bool) {
	switch strings.ToLower(ending) {
	case "er":
		return neuter, true
	case "o", "ro", "ero", "do", "to", "mo", "vo", "no":
		return masculine, true
	case "a", "ra", "era", "da", "ta", "ma", "va", "na":
		return feminine, true
	}
	return alone, false
}

// sayMarkedOrdinal is a rule for the raised letters of ordinals: 1.º, 2ª, 3.ᵉʳ.
func sayMarkedOrdinal(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || n.point || !r.starts(at) || len(n.whole) > longestCardinal || !r.raisedOrdinals {
		return at
	}
	i := n.end
	if r.isGlued(i, ".") {
		i++
	}
	if !r.glued(i) {
		return at
	}
	form, end := alone, i+1
	switch r.at(i) {
	case "º", "°", "ᵒ":
		if r.at(i-1) != "." && r.isDegrees(at, n, r.at(i), end) {
			return at
		}
		form = masculine
	case "ª", "ᵃ":
		form = feminine
	case "ᵉʳ", "er":
		form = neuter
	case "ro", "do", "to", "mo", "vo", "no":
		form = masculine
	case "ra", "da", "ta", "ma", "va", "na":
		form = feminine
	case "ᵉ":
		form = masculine
		if r.isGlued(end, "ʳ") {
			form, end = neuter, end+1
		}
	default:
		return at
	}
	r.say(at, end, r.ordinal(n.whole, form))
	return end
}

// sayCalle is a rule for C/ before the name of a street.
func sayCalle(r *reader, at int) int {
	if !r.starts(at) || !r.isGlued(at+1, "/") || r.kind(at+2) != wordToken || !r.tokens[at+2].title || r.tokens[at+2].caps {
		return at
	}
	r.say(at, at+2, "calle")
	return at + 2
}

// isDegrees reports whether a ring behind a number, which may be an o, is the sign
// of degrees: a unit or nothing follows, and the number is too great to count.
func (r *reader) isDegrees(at int, n numeral, ring string, behind int) bool {
	if w := r.at(behind); r.kind(behind) == wordToken && (ring == "°" || w == "C" || w == "F" || w == "K") {
		return r.glued(behind) || r.tokens[behind].title || notCountedOff[w] || len(n.whole) > 2 || n.whole > "31" && len(n.whole) == 2
	}
	many := len(n.whole) > 2 || len(n.whole) == 2 && n.whole > "31"
	if r.isMinus(at-1) || ring == "°" && r.at(at-2) == ring && r.kind(at-3) == numberToken { // entre 10° y 20°
		return true
	}
	switch strings.ToLower(r.at(at - 1)) {
	case "de", "a", "hasta", "unos", "casi", "di", "um", "uns":
		return many
	}
	return many && ring == "°"
}

// romanBehindAnyCase is romanBehind, for numerals in small letters too: siglo x.
func romanBehindAnyCase(r *reader, at int) int {
	n := roman(strings.ToUpper(r.at(at + 1)))
	if n == 0 || r.kind(at+1) != wordToken || !r.tokens[at+1].space || !r.ends(at+2) || n > 50 || isLetter(strings.ToUpper(r.at(at+1))) {
		return at
	}
	if w := r.at(at + 1); w == "i" || w == "v" && !strings.EqualFold(r.at(at), "siglo") {
		return at
	}
	r.keep(at)
	r.say(at+1, at+2, r.cardinal(itoa(n), alone))
	return r.sayRomanTo(at + 2)
}

// saySpanishRoman is a rule for Roman numerals behind a name: Felipe II,
// Alfonso XIII. From eleven on they are cardinals.
func saySpanishRoman(r *reader, at int) int {
	n := roman(r.at(at))
	if n == 0 || r.kind(at-1) != wordToken || !r.tokens[at].space || !r.ends(at+1) || len(r.at(at)) == 1 && !r.tokens[at].title {
		return at
	}
	words := ""
	switch before := strings.ToLower(r.at(at - 1)); {
	case before == "el" || before == "del" || before == "al":
		words = r.ordinal(itoa(n), masculine)
	case before == "la":
		words = r.ordinal(itoa(n), feminine)
	case !r.tokens[at-1].title || r.tokens[at-1].caps:
		return at
	case n <= 10 && isQueen(r.at(at-1)):
		words = r.ordinal(itoa(n), feminine)
	case n <= 10:
		words = r.ordinal(itoa(n), masculine)
	default:
		words = r.cardinal(itoa(n), alone)
	}
	r.say(at, at+1, words)
	return at + 1
}

// isQueen guesses whether a name is a woman's.
func isQueen(name string) bool {
	return strings.HasSuffix(name, "a") || name == "Isabel" || name == "Beatriz" || name == "Inés"
}

// sayWithoutNumber is a rule for the house that has no number: s/n.
func sayWithoutNumber(r *reader, at int) int {
	if !r.starts(at) || !r.isGlued(at+1, "/") || !strings.EqualFold(r.at(at+2), "n") || !r.glued(at+2) || !r.ends(at+3) {
		return at
	}
	r.say(at, at+3, "sin número")
	return at + 3
}

// sayBothGenders is a rule for the ending of women behind a slash or in an at sign,
// which stands for a second noun: niños/as, alumno/a, amig@s.
func sayBothGenders(r *reader, at int) int {
	noun, mark, ending := r.at(at), r.at(at+1), r.at(at+2)
	if !r.glued(at+1) || mark != "/" && mark != "@" || len(noun) < 4 || !r.starts(at) {
		return at
	}
	end, many := at+3, false
	switch {
	case mark == "/" && r.glued(at+2) && (ending == "a" || ending == "as"):
		many = ending == "as" || strings.HasSuffix(noun, "s")
		noun = strings.TrimSuffix(noun, "s")
	case mark == "@" && r.glued(at+2) && ending == "s":
		noun, many = noun+"o", true
	case mark == "@" && r.ends(at+2):
		noun, end = noun+"o", at+2
	default:
		return at
	}
	stem := strings.TrimSuffix(noun, "o")
	if stem == noun && !strings.HasSuffix(noun, "or") && !(many && strings.HasSuffix(noun, "ore")) || !r.ends(end) {
		return at
	}
	if he, ok := strings.CutSuffix(noun, "e"); ok { // profesores/as
		stem = he
	}
	he, she, join := noun, stem+"a", r.particle.or
	if many {
		he, she, join = noun+"s", stem+"as", r.particle.and
	}
	r.say(at, end, he+" "+join+" "+she)
	return end
}
