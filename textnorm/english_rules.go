package textnorm

import "strings"

// englishLexicon adds the rules that begin at certain words.
func englishLexicon(l *language) {
	for w := range strings.FieldsSeq(`chapters parts volumes books acts articles sections chapter part book volume vol act scene section article appendix phase stage level type class grade
		war figure table title unit lesson canto episode season round group block version mark bowl psalm sonnet canto category tier option division amendment`) {
		l.addSection(w, romanBehind)
	}
	for n := 1; n < 40; n++ {
		l.lexicon.add(strings.ToLower(toRoman(n)), sayRoman)
	}
	for n := 1; n < 40; n++ {
		numeral := strings.ToLower(toRoman(n))
		l.lexicon.add(numeral, sayCentury)
		for ending := range strings.FieldsSeq("th st nd rd") {
			l.lexicon.add(numeral+ending, sayCentury)
		}
	}
	for w, words := range map[string]string{"wwi": "World War one", "wwii": "World War two", "fy": "F.Y"} {
		l.lexicon.add(w, func(r *reader, at int) int {
			if !r.tokens[at].caps || words == "F.Y" && !(r.glued(at+1) && r.yearAt(at+1)) {
				return at
			}
			r.say(at, at+1, words)
			return at + 1
		})
	}
	l.lexicon.add("s", sayEpisode)
	l.lexicon.add("ww", sayWorldWar)
	l.lexicon.add("c", sayWith)
	l.lexicon.add("b", sayWith)
	l.lexicon.add("q", sayQuarter)
	l.lexicon.add("w", sayWith)
	l.lexicon.add("c", saySharp)
	l.lexicon.add("f", saySharp)
	for w := range strings.FieldsSeq("room flight highway route interstate suite apartment apt bus gate boeing area channel extension hwy rte") {
		l.lexicon.add(w, sayNumbered)
	}
	l.states = make(map[string]string)
	for _, row := range table("states-en.tsv", 2) {
		l.states[row[0]] = row[1]
		l.lexicon.add(strings.ToLower(row[0]), sayState)
	}
	l.streets = make(map[string]string)
	for _, row := range table("streets-en.tsv", 2) {
		l.streets[row[0]] = row[1]
	}
}

// romanBehind is a rule for words behind which a Roman numeral is a cardinal:
// Chapter IV. It says the numeral only.
func romanBehind(r *reader, at int) int {
	if r.kind(at+1) != wordToken || !r.tokens[at+1].space || !r.ends(at+2) {
		return at
	}
	n := roman(r.at(at + 1))
	if n == 0 && len(r.at(at+1)) > 1 {
		n = smallRoman(r.at(at + 1)) // chapter xi
	}
	if n == 1 && r.at(at) == "War" && r.at(at-1) == "World" {
		r.keep(at)
		r.say(at+1, at+2, r.cardinal("1", alone))
		return at + 2
	}
	if n == 0 || isLetter(r.at(at+1)) || r.at(at+1) == "I" && (r.kind(at+2) == wordToken || !r.tokens[at].title) {
		return at
	}
	r.keep(at)
	r.say(at+1, at+2, r.cardinal(itoa(n), alone))
	return r.sayRomanTo(at + 2)
}

// isLetter reports whether a Roman numeral is more likely a letter or two: C, D,
// CD. Hundreds count things only in the company of other numerals.
func isLetter(numeral string) bool {
	return len(numeral) < 3 && strings.ContainsAny(numeral, "CDLM") && numeral != "XL" && numeral != "LI" && numeral != "LV" && numeral != "LX"
}

// sayRoman is a rule for Roman numerals behind a name: Sam II, World War II.
func sayRoman(r *reader, at int) int {
	base, rest, _ := cutApostrophe(r.at(at))
	n := roman(base)
	if n == 0 || r.kind(at-1) != wordToken || !r.tokens[at-1].title || r.tokens[at-1].caps || !r.tokens[at].space || !r.ends(at+1) {
		return at
	}
	if n > 39 || notNames[r.at(at-1)] || starters[r.at(at-1)] {
		return at
	}
	if titles[r.at(at-1)] {
		r.say(at, at+1, r.cardinal(itoa(n), alone)+rest)
		return at + 1
	}
	// I, V and X are words and letters more often.
	if len(base) == 1 && rest == "" && r.kind(at+1) == wordToken && (r.at(at) == "I" || r.at(at+1) != "of") {
		return at
	}
	r.say(at, at+1, "the "+r.ordinal(itoa(n), alone)+rest)
	return at + 1
}

// titles are words in capitals behind which a Roman numeral counts: Rocky IV.
var titles = set(`Apollo Rocky Rambo Fantasy Bowl Gemini Saturn Quest Evil Souls Kombat Wars Vatican Titan Falcon Ultima Wrestlemania Halo Creed
	Civilization Diablo Warcraft Starcraft Terminator Alien Predator Jaws Saw Scream Godfather Street Fighter Dragon Elder Scrolls Theft Auto Mars Venus
	Artemis Soyuz Ariane Phase Stage Type Mark Version System Amendment Division`)

// notNames are words in capitals before I that are no names.
var notNames = map[string]bool{"May": true, "Shall": true, "Am": true, "Said": true, "Think": true, "Plan": true, "Type": true, "Vitamin": true, "Malcolm": true}

// sayDecade is a rule for decades: 1980s, '80s, 1980 s.
func sayDecade(r *reader, at int) int {
	w := r.at(at)
	if m := r.at(at + 1); (len(w) == 4 && w >= "1100" && w <= "2099" || len(w) == 2 && w > "10" && strings.EqualFold(r.at(at-1), "the")) && w[len(w)-1] == '0' && (m == "'" || m == "’") &&
		r.glued(at+1) && r.isGlued(at+2, "s") && r.ends(at+3) && r.starts(at) { // 1960's, the 80's
		words := pluralOf(r.year(w))
		if w[len(w)-2:] == "00" {
			words = r.year(w) + "s"
		}
		r.say(at, at+3, words)
		return at + 3
	}
	if len(w) != 4 && len(w) != 2 || w[len(w)-1] != '0' || !r.starts(at) || r.at(at+1) != "s" || !r.ends(at+2) {
		return at
	}
	if !r.glued(at+1) && (len(w) != 4 || r.kind(at+2) == wordToken) {
		return at
	}
	last := w[len(w)-2:]
	switch {
	case len(w) == 4 && (w < "1100" || w > "2999"):
		return at
	case last == "00":
		if len(w) == 2 {
			return at
		}
		r.say(at, at+2, r.year(w)+"s")
		return at + 2
	}
	r.say(at, at+2, pluralOf(r.year(w)))
	return at + 2
}

// pluralOf is a number in words in the plural.
func pluralOf(words string) string {
	if stem, ok := strings.CutSuffix(words, "y"); ok {
		return stem + "ies"
	}
	if strings.HasSuffix(words, "x") {
		return words + "es"
	}
	return words + "s"
}

// sayQuarter is a rule for quarters of years: 2Q22, Q3 2021.
func sayQuarter(r *reader, at int) int {
	i, quarter, year := at, "", ""
	if r.kind(at) == numberToken {
		if w := r.at(at + 1); w != "Q" || !r.glued(at+1) {
			return at
		}
		quarter, i = r.at(at), at+2
	} else {
		if r.at(at) != "Q" || !r.glued(at+1) {
			return at
		}
		quarter, i = r.at(at+1), at+2
	}
	if len(quarter) != 1 || quarter < "1" || quarter > "4" || !r.starts(at) {
		return at
	}
	if (r.isGlued(i, "'") || r.isGlued(i, "’")) && r.glued(i+1) && r.kind(i+1) == numberToken && len(r.at(i+1)) == 2 {
		i++
	}
	if y := r.at(i); r.kind(i) == numberToken && (r.glued(i) && len(y) == 2 || r.yearAt(i)) {
		year = " of " + r.year(y)
		i++
	}
	if !r.ends(i) {
		return at
	}
	r.say(at, i, "the "+r.ordinal(quarter, alone)+" quarter"+year)
	return i
}

// sayRetirement is a rule for sections of laws such as 401(k).
func sayRetirement(r *reader, at int) int {
	w := r.at(at)
	if w == "401" && r.isGlued(at+1, "k") && r.ends(at+2) {
		r.say(at, at+1, r.year(w))
		r.say(at+1, at+2, "k")
		return at + 2
	}
	if len(w) != 3 || !r.isGlued(at+1, "(") || r.kind(at+2) != wordToken || len(r.at(at+2)) != 1 || !r.glued(at+2) || !r.isGlued(at+3, ")") {
		return at
	}
	r.say(at, at+1, r.year(w))
	r.say(at+2, at+3, r.at(at+2))
	return at + 4
}

// sayPointFirst is a rule for numbers that begin with the decimal point.
func sayPointFirst(r *reader, at int) int {
	if r.at(at) != r.decimal {
		return at
	}
	return sayNumber(r, at)
}

// sayLateYear is a rule for the apostrophe before the last digits of a year:
// '98, the '90s.
func sayLateYear(r *reader, at int) int {
	if w := r.at(at); w != "'" && w != "’" && w != "‘" {
		return at
	}
	w := r.at(at + 1)
	if !r.starts(at) || !r.glued(at+1) || r.kind(at+1) != numberToken || len(w) != 2 {
		return at
	}
	switch {
	case r.isGlued(at+2, "s") && r.ends(at+3) && w[1] == '0' && w != "00":
		r.say(at, at+3, pluralOf(r.year(w)))
		return at + 3
	case r.ends(at+2) && !r.isGlued(at+2, "'") && !r.isGlued(at+2, "’"):
		r.say(at, at+2, r.year(w))
		return at + 2
	}
	return at
}

// sayNumberSign is a rule for #1.
func sayNumberSign(r *reader, at int) int {
	if r.at(at) != "#" || r.particle.number == "" || r.glued(at) && r.kind(at-1) != signToken || r.isGlued(at, "#") && r.at(at-1) == "#" ||
		!r.glued(at+1) && (r.kind(at-1) != numberToken || r.glued(at)) || r.kind(at+1) != numberToken || !r.ends(at+2) && !(r.kind(at+2) == wordToken && len(r.at(at+2)) == 1 && r.ends(at+3)) { // #4B
		return at
	}
	r.say(at, at+1, r.particle.number)
	return at + 1
}

// saySharp is a rule for C# and F#.
func saySharp(r *reader, at int) int {
	if !r.tokens[at].title || !r.isGlued(at+1, "#") || !r.starts(at) || !r.ends(at+2) {
		return at
	}
	r.say(at, at+2, r.at(at)+" sharp")
	return at + 2
}

// sayFeetInches is a rule for 5'10".
func sayFeetInches(r *reader, at int) int {
	feet := r.at(at + 1)
	if feet != "'" && feet != "′" && feet != "’" || !r.starts(at) || !r.glued(at+1) || !r.glued(at+2) {
		return at
	}
	n, ok := r.numeral(at + 2)
	if w := r.at(at); feet != "’" && ok && len(w) == 1 && w >= "4" && w <= "7" && !n.point && atoi(n.whole) < 12 && r.ends(n.end) && r.kind(n.end) != signToken {
		r.say(at, at+2, r.cardinal(w, alone)+" feet") // 6'1
		r.say(at+2, n.end, r.cardinal(n.whole, alone))
		return n.end
	}
	if inch := r.at(n.end); !ok || !r.glued(n.end) || inch != "\"" && inch != "″" && inch != "”" || !r.ends(n.end+1) {
		return at
	}
	if n.whole > "11" && len(n.whole) == 2 && !n.point { // 4'33": no foot has so many inches
		r.say(at, at+2, r.counted(numeral{whole: r.at(at)}, r.units["min"]))
		r.say(at+2, n.end+1, r.counted(n, r.units["s"]))
		return n.end + 1
	}
	r.say(at, at+2, r.cardinal(r.at(at), alone)+" "+r.form(unit{one: "foot", many: "feet"}, numeral{whole: r.at(at)}))
	r.say(at+2, n.end+1, r.numberWords(n, alone)+" "+r.form(unit{one: "inch", many: "inches"}, n))
	return n.end + 1
}

// sayNumbered is a rule for words behind which a number of three digits is a
// name: Room 101, Flight 370.
func sayNumbered(r *reader, at int) int {
	w := r.at(at + 1)
	if r.kind(at+1) != numberToken || len(w) != 3 || w[0] == '0' || !r.ends(at+2) || r.isDecimal(at+2) || r.isGlued(at+2, ",") && r.glued(at+3) || !r.tokens[at].title {
		return at
	}
	r.keep(at)
	if w[1] == '0' && w[2] != '0' {
		r.say(at+1, at+2, strings.ReplaceAll(r.digitsOf(w), "zero", "oh"))
	} else {
		r.say(at+1, at+2, r.houseNumber(w))
	}
	return at + 2
}

// sayWith is a rule for w/o, w/, c/o and b/c.
func sayWith(r *reader, at int) int {
	if !r.starts(at) || !r.isGlued(at+1, "/") || r.tokens[at].title {
		return at
	}
	if r.glued(at+2) && r.ends(at+3) {
		if words := slashed[r.at(at)+"/"+r.at(at+2)]; words != "" {
			r.say(at, at+3, words)
			return at + 3
		}
	}
	if r.at(at) != "w" || r.glued(at+2) && len(r.at(at+2)) < 3 {
		return at
	}
	r.say(at, at+2, "with")
	return at + 2
}

var slashed = map[string]string{"w/o": "without", "c/o": "care of", "b/c": "because", "w/out": "without"}

// saySlashedCapitals is a rule for the slash between capitals, which is not
// said: TCP/IP, N/A.
func saySlashedCapitals(r *reader, at int) int {
	isCapitals := func(i int) bool {
		return r.kind(i) == wordToken && r.glued(max(i, at)) && (r.tokens[i].caps || len(r.at(i)) == 1 && r.tokens[i].title)
	}
	if r.at(at) != "/" || !isCapitals(at-1) || !r.glued(at) || !isCapitals(at+1) || !r.ends(at+2) {
		return at
	}
	w := r.at(at + 1)
	if len(w) > 5 || hasVowel(w) && len(w) > 3 {
		return at
	}
	r.say(at, at+2, spell(w))
	return at + 2
}

// sayRomanYear is a rule for years in Roman numerals: MCMXC.
func sayRomanYear(r *reader, at int) int {
	n := roman(r.at(at))
	if n < 1100 || n > 2099 || len(r.at(at)) < 3 || !r.starts(at) || !r.ends(at+1) {
		return at
	}
	r.say(at, at+1, r.year(itoa(n)))
	return at + 1
}
