package textnorm

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
	bcp47 "golang.org/x/text/language"
)

// language is what the rules know of a language. Rules that languages share
// read its tables; what is a language's alone it brings as rules of its own.
// It is not changed once built.
type language struct {
	spare sync.Pool // of readers, for their memory

	numerals
	small     [100]string           // the cardinals below 100, alone
	signNames [utf8.RuneSelf]string // of ASCII signs that are symbols
	particle  particles
	pluralTag *bcp47.Tag // whose plurals count, for units with forms

	// The rules of each kind of token, tried in order. When none applies the
	// token is kept as written.
	chunkRules      *openings // what is written in one piece of several tokens, before all others
	lexicon         lexicon   // words by their lower case
	capsRules       []rule    // words in capitals that the lexicon lacks
	possessiveRules []rule    // words that begin with a capital and end with 's
	numberRules     []rule
	innerRules      []rule // numbers right behind a letter
	signRules       *openings
	stopRules       []rule                  // words with a full stop behind them
	sections        map[string]bool         // words behind which a Roman numeral is a cardinal, in lower case
	marks           [utf8.RuneSelf]markKind // what the ASCII marks are

	// How numbers are written.
	group   string // the characters that may stand between groups of three digits
	decimal string // the character before decimals
	// capitalNouns says that a noun begins with a capital, wherever it stands.
	capitalNouns bool
	longest      int // digits of a number without separators that is said as one; 0 is longestCardinal
	// apostrophe says that an apostrophe may stand before decimals: 1'50.
	apostrophe bool
	// oneBelowTwo says that 0 and 1.5 take the singular, too.
	oneBelowTwo bool
	lakhs       bool // groups of two digits before the last of three, too: 12,34,567

	signs         map[rune]string     // names of characters, one by one
	names         names               // names of emoji and of rarer symbols
	magnitudes    map[string]unit     // what may follow a number before a unit, in lower case: million, bn
	short         map[string]unit     // short forms that are glued to a number or to a currency's sign: k, M
	currencies    map[string]currency // by symbol, code or short form, in lower case
	smallFrancs   bool                // Fr. is the franc sooner than a Friday
	looseCodes    bool                // codes of currencies may be in small letters
	notCodes      map[string]bool     // words that are such codes in capitals
	units         map[string]unit     // by symbol, as written or else in lower case
	notUnits      map[string]bool     // units that behind a space are more likely words: in, a
	unitWords     map[string]bool     // their names, in lower case
	notCounted    map[string]bool     // what no thousands or millions are of: a 10k run
	powers        map[string]int      // words before a unit that raise it: sq, cu
	thousand      string              // the magnitude that nothing parts from what it counts
	elides        bool                // de is d' before a vowel
	weekdays      map[string]string   // by their short forms, in lower case
	smallWeekdays bool                // weekdays are written small
	determiners   map[string]bool     // what is before a noun, if quantities may be adjectives: a, the
	function      map[string]bool     // words that are no nouns, in lower case
	durationHours bool                // 2h30 is a length of time
	durationAnd   bool                // the last unit of a length of time is behind "and"
	months        map[string]int      // from 1, by name or abbreviation, in lower case
	monthNames    [13]string          // from 1
	eras          map[string]string   // A.D. and the like, in lower case without full stops
	meridiems     map[string]string   // a.m. and the like, in lower case without full stops
	zones         map[string]bool     // time zones, in lower case
	initialisms   map[string]bool     // words in capitals that are spelled though they have vowels
	characters    map[rune]string     // names of punctuation where it is spelled
	dayFirst      bool                // 1/2 is the first of February

	dotted map[string]bool // abbreviations with a full stop within, in lower case: dott.ssa

	states  map[string]string // behind towns, by their two capitals
	streets map[string]string // the last words of streets, in lower case

	// Addresses of the net.
	domains        map[string]bool   // ends and parts that are said as words
	endings        map[string]string // ends of domains and of files' names, and how they are said
	schemes        map[string]bool   // what is before ://
	spellAddresses bool              // letter by letter, but for domains

	// wholeCountryCodes says that +49 is "plus forty-nine", not "plus four nine".
	wholeCountryCodes bool

	// How things are put in words that were read from their figures.
	fraction func(over, under string) string
	power    func(u unit, exponent int) unit // square, cubic
	product  func(u, by unit) unit           // newton meters
	divisors map[string]string               // what is a unit behind a slash only: kWh/a
	// withDecimals is a number with decimals before a noun of a gender; nil if
	// the noun changes nothing.
	withDecimals func(n numeral, g gender) string
	date         func(date) string
	clock        func(clock) string
	money        func(amount) string
	// plural reports whether a word in lower case is a noun in the plural, for
	// all that one can see.
	plural func(word string) bool
	// duration is a length of time: values of the units h, m, s and ms.
	duration func(units, values []string) string
	// clockAs is a time of day that say-as asks for, with or without the
	// twelve hours' halves; nil if clock does it.
	clockAs func(c clock, hours24 bool) string
	// formalDate is a whole date of which say-as wants the detail 2.
	formalDate func(date) string
	// commaBeforeYear parts the year from what is before it.
	commaBeforeYear bool
	// spellZone spells a time zone.
	spellZone func(letters string) string
	// ordinalPower says that exponents are ordinals: ten to the sixth.
	ordinalPower bool
	// chess is how moves are said.
	chess chess
	// cross is how the x of 2x1 is said; "" where it is a letter. crossIsGame
	// says that it parts the two sides of a game.
	cross       string
	crossIsGame bool
	// ratioApart says that the colon of a ratio has spaces around it: 2 : 1.
	ratioApart bool
	// timesOver is how the x of 4x is said before the words in compared, or
	// before all where there is no such table.
	timesOver unit
	compared  map[string]bool
	// halves are how a half of something is said; none where it agrees with nothing.
	halves halves
	// nounGender guesses the gender of a noun that follows a number; alone if
	// it is none.
	nounGender func(r *reader, at int) gender
	// dials are the rules for telephone numbers, in the order in which they are
	// tried; only sayTelephone if there are none.
	dials []rule
	// calls are words behind which digits are a telephone number or the like.
	calls map[string]bool
	// compass are the directions behind degrees, by their letters.
	compass map[string]string
	// books are those of which 3:16 is a chapter and a verse, in lower case.
	books map[string]bool
	// bookGender is the gender of their numbers: 1 Cor 13.
	bookGender gender
	// raisedOrdinals says that raised letters make ordinals: 2ª, 1ᵉʳ.
	raisedOrdinals bool
	// lengthBefore and lengthBehind are words around a time that is minutes and
	// seconds: lasts 3:45, 1:00 long.
	lengthBefore, lengthBehind map[string]bool
	// callWords may stand between those words and the digits: me at.
	callWords map[string]bool
	// unitByName is a unit by its name in one of its forms: foot, feet.
	unitByName func(name string) (unit, bool)
	// ordinalEnd reports whether an ending written behind digits makes an
	// ordinal of them, and of which gender.
	ordinalEnd func(digits, ending string) (gender, bool)
}

// markKind is what an ASCII character that is no letter or digit is to a
// language.
type markKind uint8

const (
	symbol    markKind = iota // it has a name, or a meaning with what is around
	mark                      // punctuation, which may have a meaning for signRules
	plainMark                 // punctuation and nothing else
)

// numerals say numbers that are given by their ASCII digits, of any length and
// with leading zeros, which only decimals says.
type numerals interface {
	cardinal(digits string, g gender) string
	ordinal(digits string, g gender) string
	// year is a number as it is said of a year.
	year(digits string) string
	// decimals are the digits behind the decimal point.
	decimals(digits string) string
}

// keepSmall keeps what is said most: small numbers and names of signs.
func (l *language) keepSmall() {
	for n := range l.small {
		l.small[n] = l.numerals.cardinal(itoa(n), alone)
	}
	for c := range l.signNames {
		if l.marks[c] == symbol {
			l.signNames[c] = l.signs[rune(c)]
		}
	}
}

// smallCardinal is the cardinal of a number below 100, alone; "" of others.
func (l *language) smallCardinal(digits string) string {
	switch len(digits) {
	case 1:
		return l.small[digits[0]-'0']
	case 2:
		return l.small[10*(digits[0]-'0')+digits[1]-'0']
	}
	return ""
}

func (l *language) cardinal(digits string, g gender) string {
	if g == alone {
		if words := l.smallCardinal(digits); words != "" {
			return words
		}
	}
	return l.numerals.cardinal(digits, g)
}

// gender is the form that a numeral takes before a noun.
type gender uint8

const (
	alone gender = iota // no noun follows
	masculine
	feminine
	neuter
)

// particles are words that shared rules need.
type particles struct {
	digit    [10]string
	oh       string // zero in a row of digits, when it is said like the letter
	minus    string
	point    string // of decimals
	to       string // of ranges
	by       string // of sizes: 2x4
	per      string
	and      string // before a fraction
	aHalf    string // behind a whole number and "and", if it is not "one half"
	ratio    string // of 16:9
	around   string // of ~20
	number   string // of n° 5
	hashtag  string
	sections string // of §§
	or       string // behind "and" and a slash
	out      string // of 24h/24
	outOf    string // of page 3/10
	markOf   string // of rated 8/10, if it is another
	// Exponents: ten, times, to the power of; powered is for those in words.
	times, power string
	over         string // of fractions that have no name
	of           string // between a magnitude and what is counted: millones de euros
	percent      string
	plus         string
	// |x| and 5!
	absolute, factorial string
	// In addresses of the net and in names of files.
	dot, at, slash, colon, dash, underscore, ampersand string
}

// unit is a unit of measure.
type unit struct {
	one, many string
	gender    gender
	// forms are all that a language of the CLDR has, by category.
	forms map[plural.Form]string
}

// form is the unit's form behind n.
func (l *language) form(u unit, n numeral) string {
	if u.forms != nil {
		if form, ok := u.forms[l.category(n)]; ok {
			return form
		}
		return u.many
	}
	if l.isOne(n) {
		return u.one
	}
	return u.many
}

// category is the plural category of what n counts.
func (l *language) category(n numeral) plural.Form {
	last := n.whole[max(0, len(n.whole)-7):]
	decimals := n.decimals[:min(7, len(n.decimals))]
	short := strings.TrimRight(decimals, "0")
	return plural.Cardinal.MatchPlural(*l.pluralTag, int(parse(last)), len(decimals), len(short), int(parse(decimals)), int(parse(short)))
}

// isOne reports whether a noun behind n is in the singular: behind 1 only, or,
// as in French, behind all that is less than two.
func (l *language) isOne(n numeral) bool {
	whole := strings.TrimLeft(n.whole, "0")
	if l.oneBelowTwo {
		return len(whole) == 0 || whole == "1"
	}
	return whole == "1" && !n.point
}

// currency is a kind of money. Currencies without a smaller part have no sub.
type currency struct {
	unit
	sub unit
}

// lexicon are rules by the lower case of the words at which they begin.
type lexicon struct {
	rules map[string][]rule
	// sketches has a bit for the sketch of each word, so that most words are not
	// looked up.
	sketches [1 << 15 / 64]uint64
}

func (l *lexicon) add(word string, r rule) {
	if l.rules == nil {
		l.rules = make(map[string][]rule)
	}
	l.rules[word] = append(l.rules[word], r)
	s := sketch(word)
	l.sketches[s/64] |= 1 << (s % 64)
}

// sketch mixes a word's length with the low bits of four of its bytes, which are
// the same in capitals. Other characters than ASCII count as nothing.
func sketch(word string) uint {
	low := func(i int) uint {
		if c := word[i]; c < utf8.RuneSelf {
			return uint(c & 31)
		}
		return 0
	}
	n := len(word)
	mix := low(0) + 37*low(min(1, n-1)) + 331*low(n/2) + 1049*low(n-1) + 7919*uint(n)
	return mix % (1 << 15)
}

// find gives the rules that begin at a word. Capitals outside ASCII have the
// length of their small letters in the languages that there are.
func (l *lexicon) find(word string) []rule {
	if s := sketch(word); l.sketches[s/64]&(1<<(s%64)) == 0 {
		return nil
	}
	var lower [63]byte
	if len(word) > len(lower) {
		return l.rules[strings.ToLower(word)]
	}
	for i := range len(word) {
		c := word[i]
		if c >= utf8.RuneSelf {
			return l.rules[strings.ToLower(word)]
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	return l.rules[string(lower[:len(word)])]
}

// newPlain is the language that nothing is known of.
func newPlain() *language {
	l := &language{chunkRules: new(openings), signRules: new(openings)}
	for i := range l.marks {
		l.marks[i] = plainMark
	}
	return l
}

// punctuation says which ASCII characters are punctuation, and for which of
// them signRules are asked.
func (l *language) punctuation(plain, asked string) {
	for _, c := range []byte(plain) {
		l.marks[c] = plainMark
	}
	for _, c := range []byte(asked) {
		l.marks[c] = mark
	}
}

// symbols are the ASCII characters that have a name, or a meaning with what is
// around.
func (l *language) symbols() string {
	var b strings.Builder
	for c := byte('!'); c < 0x7F; c++ {
		if asciiTokens[c] == signToken && l.marks[c] == symbol {
			b.WriteByte(c)
		}
	}
	return b.String()
}
