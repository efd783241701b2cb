package textnorm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviation is a short form and what it stands for.
type abbreviation struct {
	words string
	when  string // conditions, parted by commas: see [language.abbreviate]
}

// abbreviate puts the rows of a table into the lexicon: short form in lower
// case without its last full stop, conditions parted by commas, words. Of rows
// with the same short form the first whose conditions hold counts. Conditions:
//
//	stop    a full stop follows
//	title   it begins with a capital
//	caps    it is all capitals
//	lower   it is not all capitals
//	name    a word that begins with a capital follows
//	noname  none does
//	number  a number follows
//	apart   white space, a quote or a bracket is before it, and no hyphen behind
//	comma   a comma is before it
//	counted a number is before it
//	after   a word that begins with a capital is before it
//	ordinal an ordinal is before it, in figures: 5th, XIXe
//	article an article in small letters follows
//	street  what is before it looks like a street: a capital or an ordinal
func (l *language) abbreviate(rows [][]string) {
	l.dotted = make(map[string]bool)
	for _, row := range rows {
		a := abbreviation{words: row[2], when: row[1]}
		key := row[0]
		first, rest, dotted := strings.Cut(key, ".")
		if dotted {
			l.dotted[key] = true
		}
		if l.elides && !dotted && strings.ContainsRune("aeiouhéèêâ", []rune(key)[0]) {
			l.abbreviateElided(key, a)
		}
		l.lexicon.add(first, func(r *reader, at int) int {
			end := at + 1
			if dotted {
				if !r.isGlued(end, ".") { // most often a word: a, d, s
					return at
				}
				if end = r.dottedEnd(at, rest); end == 0 {
					return at
				}
			}
			return r.sayAbbreviation(at, end, a)
		})
	}
}

// abbreviateElided adds a short form behind an article or a preposition without its
// vowel, which is part of the word: l'art. 5, d'env. 20 km.
func (l *language) abbreviateElided(key string, a abbreviation) {
	for _, before := range []string{"l'", "d'", "qu'"} {
		elided := abbreviation{words: before + a.words, when: a.when}
		l.lexicon.add(before+key, func(r *reader, at int) int { return r.sayAbbreviation(at, at+1, elided) })
	}
}

// dottedEnd is the token behind a short form whose letters behind the first
// full stop are rest, as in e.g; 0 if it is another.
func (r *reader) dottedEnd(at int, rest string) int {
	i := at + 1
	for part := range strings.SplitSeq(rest, ".") {
		if !r.isGlued(i, ".") {
			return 0
		}
		if space := r.kind(i+1) != noToken && !r.glued(i+1); r.kind(i+1) != wordToken || !strings.EqualFold(r.at(i+1), part) || space && !r.dayFirst {
			return 0
		}
		i += 2
	}
	return i
}

func (r *reader) sayAbbreviation(at, end int, a abbreviation) int {
	if !r.starts(at) || r.kind(end) != noToken && !r.ends(end) {
		return at
	}
	stop := r.isGlued(end, ".") && (!(r.glued(end+1) && r.kind(end+1) == wordToken) || personal[a.words] && r.tokens[end+1].title) // Mr.Smith
	behind := end
	if stop {
		behind++
	}
	t := r.tokens[at]
	name := r.kind(behind) == wordToken && r.tokens[behind].title || r.kind(behind) == fixedToken ||
		r.isGlued(behind, "-") && r.glued(behind+1) && r.kind(behind+1) == wordToken && r.tokens[behind+1].title
	if name && stop && r.kind(behind) == wordToken && r.startsNext(behind) && !personal[a.words] {
		name = false // Elm St. The house
	}
	after := r.kind(at-1) == wordToken && r.tokens[at-1].title && !r.glued(at)
	for condition := range strings.SplitSeq(a.when, ",") {
		holds := true
		switch condition {
		case "stop":
			holds = stop
		case "title":
			holds = t.title
		case "caps":
			holds = t.caps
		case "lower":
			holds = !t.caps && !(t.title && end == at+1 && t.End-t.Start == 1)
		case "name":
			holds = name
		case "noname":
			holds = !name
		case "number":
			holds = r.kind(behind) == numberToken || r.at(behind) == "(" && r.kind(behind+1) == numberToken && r.isSectionBefore(behind) || r.sectionNumber(a.words, behind) > 0 ||
				paged[strings.ToLower(r.at(at))] && smallRoman(r.at(behind)) > 0
		case "counted":
			holds = !r.glued(at) && (r.kind(at-1) == numberToken || vulgar[r.at(at-1)][0] != "")
		case "apart":
			holds = (!r.glued(at) || strings.Contains("\"'([“‘", r.at(at-1))) && !r.isGlued(end, "-") && !r.isGlued(end, "_") && !r.isGlued(end, "/")
		case "comma":
			holds = r.isGlued(at-1, ",")
		case "after":
			holds = after || r.isGlued(at-1, ",") && r.kind(at-2) == wordToken && r.tokens[at-2].title // King, Jr.
		case "ordinal":
			holds = r.isOrdinalBefore(at)
		case "article":
			holds = r.kind(behind) == wordToken && articles[r.at(behind)]
		case "street":
			holds = after || r.kind(at-2) == numberToken && r.kind(at-1) == wordToken
		}
		if !holds {
			return at
		}
	}
	if stop && a.words != "versus" && r.sectionNumber(a.words, end+1) == 0 && (r.kind(end+1) == noToken || r.sentenceEnds(end+1) || r.tokens[end+1].title && r.startsNext(end+1) && !(name && personal[a.words])) {
		stop = false // it ends the sentence, too
	}
	if stop {
		end++
	}
	words := a.words
	if t.title {
		words = capitalized(words)
	}
	r.say(at, end, words)
	if n := r.sectionNumber(a.words, end); n > 0 {
		r.say(end, end+1, r.cardinal(itoa(n), alone))
		end = r.sayRomanTo(end + 1)
	}
	return end
}

// articles are those of French, of which l' is part of the word behind it.
var articles = set("le la les")

// isOrdinalBefore reports whether the word before a token is an ordinal in
// figures or a Roman one with its ending.
func (r *reader) isOrdinalBefore(at int) bool {
	w := r.at(at - 1)
	if r.kind(at-1) != wordToken || r.glued(at) {
		return false
	}
	if r.kind(at-2) == numberToken && r.glued(at-1) {
		return true
	}
	base := strings.TrimRight(w, "erèmᵉʳ")
	return base != w && roman(base) > 0
}

// sectionNumber is the Roman numeral at a token behind a word that such numerals
// follow, or 0: Vol. III.
func (r *reader) sectionNumber(word string, at int) int {
	if r.kind(at) != wordToken || !r.sections[word] || !r.tokens[at].space || !r.ends(at+1) || isLetter(r.at(at)) {
		return 0
	}
	return roman(r.at(at))
}

// addSection lets a rule read the Roman numeral behind a word, and behind what
// stands for it.
func (l *language) addSection(word string, r rule) {
	if l.sections == nil {
		l.sections = make(map[string]bool)
	}
	l.sections[word] = true
	l.lexicon.add(word, r)
}

// addGreek gives the letters of Greek, which stand alone for quantities, their
// names, from alpha to omega.
func (l *language) addGreek(names string) {
	for i, name := range strings.Fields(names) {
		small := []rune("αβγδεζηθικλμνξοπρστυφχψω")[i]
		capital := unicode.ToUpper(small)
		say := func(r *reader, at int) int {
			r.say(at, at+1, name)
			return at + 1
		}
		l.lexicon.add(string(small), say)
		l.lexicon.add(string(capital), say)
	}
}

// personal are titles that always have a name behind them: Dr. Who.
var personal = set("doctor mister misses miz doktor herr frau docteur monsieur madame señor señora doctora dottor signor senhor senhora doutor")

// capitalized is words with a capital at the beginning.
func capitalized(words string) string {
	_, size := utf8.DecodeRuneInString(words)
	return strings.ToUpper(words[:size]) + words[size:]
}

// startsNext reports whether a word in capitals more likely begins a sentence.
func (r *reader) startsNext(at int) bool { return starters[r.at(at)] }

// initials reads single capitals with full stops: U.S.A. Their last full stop
// is part of them unless it ends the sentence, too.
func (r *reader) initials(at int) (letters string, end int) {
	i := at
	var b strings.Builder
	for r.kind(i) == wordToken && len(r.at(i)) <= 3 && r.isGlued(i+1, ".") && (i == at || r.glued(i)) && i < at+24 {
		if r.at(i) != strings.ToUpper(r.at(i)) || len([]rune(r.at(i))) != 1 {
			return "", at
		}
		b.WriteString(r.at(i))
		i += 2
	}
	if i < at+4 {
		if i == at+2 && r.kind(i) == wordToken && r.glued(i) && len(r.at(i)) == 1 && unicode.IsUpper(rune(r.at(i)[0])) && r.ends(i+1) { // U.S
			return b.String() + r.at(i), i + 1
		}
		return "", at
	}
	if r.kind(i) == wordToken && r.glued(i) {
		if len(r.at(i)) != 1 || !r.ends(i+1) {
			return "", at
		}
		return b.String() + r.at(i), i + 1 // U.S.A without the last
	}
	if r.kind(i) == noToken || r.sentenceEnds(i) || r.tokens[i].title && r.startsNext(i) {
		i--
	}
	return b.String(), i
}

// sayInitials is a rule for letters with full stops that have no words of
// their own: U.S.A.
func sayInitials(r *reader, at int) int {
	if !r.starts(at) {
		return at
	}
	letters, end := r.initials(at)
	if end == at && len(r.at(at)) == 1 && r.isGlued(at+1, ".") && r.kind(at+2) == wordToken && r.tokens[at+2].space &&
		r.tokens[at+2].title && !r.startsNext(at+2) { // J. S. Bach
		letters, end = r.at(at), at+2
	}
	if end == at {
		return at
	}
	r.say(at, end, spell(letters))
	return end
}

// sayRomanAlone is a rule for Roman numerals that can hardly be a word: VIII, XIV.
func sayRomanAlone(r *reader, at int) int {
	w := r.at(at)
	n := roman(w)
	if n == 0 || len(w) < 3 || w == "XXX" || strings.Trim(w, "IVX") != "" || !r.starts(at) || !r.ends(at+1) || r.isGlued(at-1, "-") {
		return at
	}
	if r.at(at-1) == "the" && r.ordinalPower && r.kind(at-2) == wordToken && r.tokens[at-2].title { // Louis the XVI
		r.say(at, at+1, r.ordinal(itoa(n), alone))
		return at + 1
	}
	r.say(at, at+1, r.cardinal(itoa(n), alone))
	return at + 1
}

// sayCapitals is a rule for words in capitals: those in the table of
// initialisms and those without a vowel are spelled, others are left to the
// engine, as is everything where the words around are in capitals, too.
func sayCapitals(r *reader, at int) int {
	w := r.at(at)
	base, rest, _ := cutApostrophe(w)
	if base != strings.ToUpper(base) || len(base) < 2 {
		return at
	}
	if len(base) > 6 || !r.initialisms[base] && hasVowel(base) {
		return at
	}
	if !r.initialisms[base] && (r.isShouting(at-1) || r.isShouting(at+1)) || shoutedWords[base] && (r.isShouted(at-1) || r.isShouted(at+1)) {
		return at
	}
	r.say(at, at+1, spell(base)+rest)
	return at + 1
}

// shoutedWords are initialisms that are words, too, where all is in capitals.
var shoutedWords = set("AM US IT OK ID AC HD OS")

// isShouted reports whether a word in capitals that is no initialism stands at a
// token.
func (r *reader) isShouted(at int) bool {
	w := r.at(at)
	return r.kind(at) == wordToken && r.tokens[at].caps && !r.initialisms[w] && hasVowel(w)
}

// longestInitialism bounds words in capitals with an ending in small letters.
const longestInitialism = 10

// sayInitialisms is a rule for words in capitals that are spelled, in the
// plural: URLs, CEOs.
func sayInitialisms(r *reader, at int) int {
	base, isPlural := strings.CutSuffix(r.at(at), "s")
	if !isPlural || len(base) < 2 || strings.ContainsAny(base, "'’") || base != strings.ToUpper(base) || len(base) > 6 || !r.initialisms[base] && hasVowel(base) {
		return at
	}
	r.say(at, at+1, spell(base)+".s")
	return at + 1
}

// isShouting reports whether a word in capitals longer than most initialisms
// stands at a token.
func (r *reader) isShouting(at int) bool {
	return r.kind(at) == wordToken && r.tokens[at].caps && len(r.at(at)) > 5
}

// roman is the value of a Roman numeral in its usual spelling up to 3999, or 0.
func roman(w string) int {
	if len(w) == 1 {
		return romanDigit(w[0])
	}
	if len(w) > 15 {
		return 0
	}
	n := 0
	for i := range len(w) {
		v := romanDigit(w[i])
		if v == 0 {
			return 0
		}
		if i+1 < len(w) && romanDigit(w[i+1]) > v {
			v = -v
		}
		n += v
	}
	var usual [15]byte
	if n <= 0 || n > 3999 || string(appendRoman(usual[:0], n)) != w {
		return 0
	}
	return n
}

func romanDigit(c byte) int {
	switch c {
	case 'I':
		return 1
	case 'V':
		return 5
	case 'X':
		return 10
	case 'L':
		return 50
	case 'C':
		return 100
	case 'D':
		return 500
	case 'M':
		return 1000
	}
	return 0
}

func toRoman(n int) string { return string(appendRoman(nil, n)) }

func appendRoman(b []byte, n int) []byte {
	for _, x := range romanParts {
		for n >= x.value {
			b = append(b, x.text...)
			n -= x.value
		}
	}
	return b
}

var romanParts = []struct {
	value int
	text  string
}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}}
