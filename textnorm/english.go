package textnorm

import (
	"strconv"
	"strings"
)

// region is what differs between the places where English is written.
type region struct {
	and      bool // one hundred and five
	lakhs    bool // five lakh
	dayFirst bool // 1/2 is the first of February
}

var (
	american = region{}
	british  = region{and: true, dayFirst: true}
	indian   = region{and: true, lakhs: true, dayFirst: true}
)

func newEnglish(where region) *language {
	numerals := englishNumerals{and: where.and, lakhs: where.lakhs}
	l := &language{
		numerals: numerals,
		particle: particles{
			digit: [10]string(englishSmall[:10]), oh: "oh",
			minus: "minus", plus: "plus", point: "point", to: "to", by: "by", per: "per", and: "and", over: "over", percent: "percent",
			ratio: "to", around: "about", number: "number", sections: "sections", or: "or", hashtag: "hashtag", absolute: "the absolute value of", factorial: "factorial", times: "times", power: "to the",
			dot: "dot", at: "at", slash: "slash", colon: "colon", dash: "dash", underscore: "underscore", ampersand: "ampersand",
		},
		group: ",'’_", decimal: ".",
		lakhs:      where.lakhs,
		dayFirst:   where.dayFirst,
		names:      readNames("names-en.tsv"),
		signs:      readSigns("signs-en.tsv"),
		characters: readSigns("characters-en.tsv"),
		currencies: readCurrencies("currencies-en.tsv"),
		units:      readUnits("units-en.tsv"),
		powers:     map[string]int{"sq": 2, "square": 2, "cu": 3, "cubic": 3},
		notUnits:   set("in a am an as at me c v w d j B M K A F J N st"),
		magnitudes: magnitudes(`thousand thousand - k, million million - m mn mm mil, billion billion - b bn bil, trillion trillion - t tn,
			quadrillion quadrillion -, lakh lakh -, crore crore - cr`),
		short: magnitudes("thousand thousand - k K, million million - M mn, billion billion - bn"),
		months: readMonths(`january jan, february feb, march mar, april apr, may, june jun, july jul, august aug,
			september sep sept, october oct, november nov, december dec`),
		monthNames: [13]string{"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		eras:       map[string]string{"ad": "A.D", "bc": "B.C", "bce": "B.C.E", "ce": "C.E"},
		meridiems:  map[string]string{"am": "A.M", "pm": "P.M"},
		zones:      set("est edt cst cdt mst mdt pst pdt et ct mt pt gmt utc bst ist cet cest aest aedt jst"),
		domains: set(`com org net edu gov mil info biz name pro web site online shop store blog app dev cloud tech live news one top
			co`),
		endings: map[string]string{
			"jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "zip": "zip", "doc": "doc", "docx": "doc X", "tar": "tar", "bin": "bin", "wav": "wav", "bat": "bat", "log": "log", "mov": "mov", "json": "jason",
			"pdf": "P.D.F", "html": "H.T.M.L", "htm": "H.T.M", "txt": "T.X.T", "png": "P.N.G", "mp3": "M.P three", "csv": "C.S.V", "xml": "X.M.L", "exe": "E.X.E", "php": "P.H.P", "js": "J.S", "py": "P.Y", "css": "C.S.S", "xls": "X.L.S", "ppt": "P.P.T", "svg": "S.V.G", "yaml": "yaml", "md": "M.D", "go": "go", "sh": "S.H",
			"uk": "U.K", "us": "U.S", "de": "D.E", "fr": "F.R", "it": "I.T", "es": "E.S", "au": "A.U", "in": "I.N", "ca": "C.A", "jp": "J.P", "cn": "C.N", "ru": "R.U", "br": "B.R", "nl": "N.L", "eu": "E.U", "io": "I.O", "ai": "A.I", "tv": "T.V", "me": "me", "ch": "C.H", "se": "S.E", "nz": "N.Z", "ie": "I.E", "za": "Z.A",
		},
		schemes:     set("http https ftp ssh sftp smtp imap ws wss"),
		initialisms: readWords("initialisms-en.txt"),
		fraction:    numerals.fraction,
		power:       englishPower,
		product:     firstAlike,
		divisors:    map[string]string{"a": "year", "K": "kelvin"},
		ordinalEnd:  englishOrdinalEnd,
		plural:      englishPlural,
	}
	l.money = func(a amount) string { return l.moneyWords(a, l.particle.and) }
	l.particle.aHalf, l.particle.outOf, l.particle.markOf = "a half", "of", "out of"
	l.commaBeforeYear = true
	l.formalDate = func(d date) string {
		return l.monthNames[d.month] + " " + l.ordinal(strconv.Itoa(d.day), alone) + ", " + l.year(d.year)
	}
	l.clockAs = func(c clock, hours24 bool) string { return englishClockAs(l, c, hours24) }
	l.duration = func(units, values []string) string { return englishDuration(l, units, values) }
	l.unitByName = func(name string) (unit, bool) { return englishUnit(l, name) }
	l.date = func(d date) string { return englishDate(l, d) }
	l.clock = func(c clock) string { return englishClock(l, c) }
	l.punctuation(",;?(){}\"]", ".:-'![`")
	l.ordinalPower, l.durationHours = true, true
	l.spellZone = spell
	l.calls = set("call dial phone tel telephone fax mobile text pin code passcode zip extension ext hotline isbn issn ssn ein vin account acct ending")
	l.callWords = set("me us at on is the number no in")
	l.lengthBefore = set("lasts lasted lasting runtime duration length runs")
	l.lengthBehind = set("long minutes mins elapsed remaining left video clip song track")
	l.addWeekdays("monday mon,tuesday tue tues,wednesday wed weds,thursday thu thur thurs,friday fri,saturday sat,sunday sun")
	l.compass = map[string]string{"N": "north", "S": "south", "E": "east", "W": "west"}
	l.books = set("surah quran")
	l.cross = "by"
	l.timesOver = unit{one: "time", many: "times"}
	l.compared = set("faster slower better worse bigger smaller larger higher lower cheaper dearer longer shorter stronger weaker quicker wider heavier lighter harder easier more less fewer as a an per daily weekly monthly yearly the")
	l.addBooks("books-en.tsv")
	l.addChess(englishChess)
	l.determiners = set("a an the this that his her its their our your my another each every one any some no")
	l.function = readWords("function-en.txt")
	l.notCounted = set("run race runs races runner runners time training video tv display resolution monitor screen camera gold ring hurdles sprint sprints swims finals final relay")
	l.addPrefixed("si-en.tsv")
	l.standardRules(own{
		number: []rule{sayPrime, sayGluedDegrees, sayHyphenedUnit, sayTimeSignature, sayHundreds, sayEnded, sayPostalCode, sayAddress, sayFeetInches, sayHundredHours, sayHourRange, sayDayRange, sayDueDate, sayPicture, sayDayMonth, sayClock, sayDecade, sayEra, sayRetirement, sayQuarter},
	})
	l.possessiveRules = []rule{sayRoman, sayCapitals, sayInitialisms}
	englishLexicon(l)
	l.abbreviate(table("abbreviations-en.tsv", 3))
	l.lexicon.add("c", sayCups)
	for letter := range overs {
		l.lexicon.add(letter, sayOverTime)
	}
	l.addGreek("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega")
	for month := range l.months {
		l.lexicon.add(month, sayMonth)
	}
	return l
}

func englishPlural(w string) bool {
	if w == "people" || w == "men" || w == "women" || w == "children" {
		return true
	}
	return len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is") && w != "does" && w != "was" && w != "goes"
}

func englishOrdinalEnd(digits, ending string) (gender, bool) {
	n := atoi(digits[max(0, len(digits)-2):])
	want := "th"
	if n/10 != 1 {
		switch n % 10 {
		case 1:
			want = "st"
		case 2:
			want = "nd"
		case 3:
			want = "rd"
		}
	}
	return alone, strings.EqualFold(ending, want)
}

func englishPower(u unit, exponent int) unit {
	if u.one == "second" {
		name := [4]string{2: " squared", 3: " cubed"}[exponent]
		return unit{one: u.one + name, many: u.many + name}
	}
	name := [4]string{2: "square ", 3: "cubic "}[exponent]
	return unit{one: name + u.one, many: name + u.many}
}

func (e englishNumerals) fraction(over, under string) string {
	one := strings.TrimLeft(over, "0") == "1"
	n, d := e.cardinal(over, alone), ""
	switch strings.TrimLeft(under, "0") {
	case "":
		return n + " over zero"
	case "1":
		return n + " over one"
	case "2":
		if one {
			return n + " half"
		}
		return n + " halves"
	case "4":
		d = "quarter"
	default:
		d = e.ordinal(under, alone)
	}
	if !one {
		d += "s"
	}
	return n + " " + d
}

func englishDate(l *language, d date) string {
	month := l.monthNames[d.month]
	year := ""
	if d.year != "" {
		year = " " + l.year(d.year)
	}
	if d.day == 0 {
		return month + year
	}
	day := l.ordinal(strconv.Itoa(d.day), alone)
	if d.dayFirst || l.dayFirst {
		if d.article {
			return day + " of " + month + year
		}
		return "the " + day + " of " + month + year
	}
	return month + " " + day + year
}

func englishClock(l *language, c clock) string {
	if c.second != "" && c.meridiem != "" {
		return englishClockAs(l, c, false)
	}
	hour := l.cardinal(c.hour, alone)
	minute := atoi(c.minute)
	words := hour
	switch {
	case c.second == "" && c.meridiem == "" && atoi(c.hour) == 0 && minute == 0:
		words = "midnight"
	case c.second != "":
		words = counted(l, c.hour, "hour") + " " + counted(l, c.minute, "minute") + " and " + counted(l, c.second, "second")
	case minute == 0 && c.meridiem == "":
		words += " o'clock"
	case minute > 0 && minute < 10:
		words += " oh " + l.cardinal(c.minute, alone)
	case minute >= 10:
		words += " " + l.cardinal(c.minute, alone)
	}
	if c.meridiem != "" {
		words += " " + c.meridiem
	}
	if c.zone != "" {
		words += " " + c.zone
	}
	return words
}

// counted is a number of an English noun.
func counted(l *language, digits, noun string) string {
	if atoi(digits) != 1 {
		noun += "s"
	}
	return l.cardinal(digits, alone) + " " + noun
}

// englishClockAs says a time of day as say-as asks: minutes always with 24
// hours, as in zero hundred hours for none.
func englishClockAs(l *language, c clock, hours24 bool) string {
	if !hours24 {
		if c.second == "" {
			return englishClock(l, c)
		}
		second := " and " + counted(l, c.second, "second")
		meridiem := c.meridiem
		c.second, c.meridiem = "", ""
		if meridiem != "" && atoi(c.minute) == 0 {
			return l.cardinal(c.hour, alone) + " " + meridiem + second
		}
		return strings.TrimSpace(englishClock(l, c)+" "+meridiem) + second
	}
	words := l.cardinal(c.hour, alone)
	switch m := atoi(c.minute); {
	case m <= 0:
		words += " hundred hours"
	case m < 10:
		words += " oh " + l.cardinal(c.minute, alone)
	default:
		words += " " + l.cardinal(c.minute, alone)
	}
	if c.second != "" {
		words += " and " + counted(l, c.second, "second")
	}
	if c.zone != "" {
		words += " " + c.zone
	}
	return words
}

// englishDuration lists numbers of units. Those of none are left out unless
// all are.
func englishDuration(l *language, units, values []string) string {
	names := map[string]string{"h": "hour", "m": "minute", "s": "second", "ms": "millisecond"}
	var words []string
	for i, value := range values {
		if strings.Trim(value, "0") != "" || len(words) == 0 && i == len(values)-1 {
			words = append(words, counted(l, value, names[units[i]]))
		}
	}
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], " ") + " and " + words[len(words)-1]
}

// englishUnit finds a unit by its name, or takes a word for a noun.
func englishUnit(l *language, name string) (unit, bool) {
	lower := strings.ToLower(name)
	for _, u := range l.units {
		if u.one == lower || u.many == lower {
			return u, true
		}
	}
	switch {
	case englishPlural(lower):
		return unit{one: strings.TrimSuffix(lower, "s"), many: lower}, true
	case strings.HasSuffix(lower, "s"), strings.HasSuffix(lower, "x"), strings.HasSuffix(lower, "ch"):
		return unit{one: lower, many: lower + "es"}, true
	}
	return unit{one: lower, many: lower + "s"}, true
}
