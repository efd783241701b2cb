package textnorm

import "strings"

// What a German ordinal needs beyond its number: an ending by the noun behind it,
// the end of a sentence that shares its full stop, numerals in Roman figures.

// germanNeuter are nouns that ordinals often stand before and whose endings do not
// tell what they are.
var germanNeuter = set(`Kapitel Jahr Jahrhundert Jahrtausend Jahrzehnt Mal Buch Spiel Tor Quartal Halbjahr Semester Stockwerk Geschoss Obergeschoss Untergeschoss Album Bild
	Haus Regiment Bataillon Armeekorps Reich Konzil Gebot Viertel Drittel Schuljahr Lebensjahr Spieljahr Gleis Zimmer Kind Beispiel Treffen Festival Gesetz Studio Team Auto Foto Büro Kino Lied Stück Wort Ziel Mitglied Opfer Date Gespräch Rennen Pferd Tier Land Werk Lager Konzert`)

// germanFeminineCounted are feminine nouns that ordinals often stand before and
// whose endings do not tell.
var germanFeminineCounted = set(`Aufl Ausg Bundesliga Liga Runde Halbzeit Auflage Klasse Etappe Etage Folge Staffel Strophe Woche Stunde Minute Sekunde Person Symphonie Sinfonie Sonate Stufe Phase
	Reihe Stelle Seite Zeile Generation Welle Mannschaft Republik Saison Version Armee Division Kompanie Etude Frage Vorlesung Übung Lektion Ausgabe Fassung Szene`)

// germanStems are articles without an ending, which take one as "ein" does.
var germanStems = set("ein kein mein dein sein ihr unser euer eur")

// germanPossessiveEnding is how an ordinal ends behind an article such as "eine" or
// "meinem"; "er" behind those without an ending, and behind all other words.
func germanPossessiveEnding(before string) string {
	for _, ending := range []string{"em", "en", "er", "es", "e"} {
		if stem, ok := strings.CutSuffix(before, ending); ok && germanStems[stem] {
			if ending == "e" {
				return "e"
			}
			return "en"
		}
	}
	return "er"
}

// germanOrdinalEnding is how the ordinal at a token ends: by the word before it, or
// before the one with which it is joined (am 2. und 3. Tag), and by the noun behind.
func (r *reader) germanOrdinalEnding(at int) string {
	before, noun := strings.ToLower(r.beforeJoined(at)), r.germanCounted(at)
	ending := germanEnding(before)
	switch {
	case ending == "e" && strings.HasSuffix(before, "er") && isGermanFeminine(noun): // in der 3. Klasse
		return "en"
	case ending != "er", noun == "":
		return ending
	case strings.HasPrefix(noun, "J") && germanCenturies[noun]:
		return "es"
	case !germanStems[before] && isGermanFeminine(noun):
		return "e"
	}
	return germanNominative(noun)
}

// germanCounted is the noun that the ordinal at a token counts, behind those with which
// it is joined and behind adjectives: der 1. bis 3. Klasse, das 2. große Spiel. It is
// empty if there is none.
func (r *reader) germanCounted(at int) string {
	const farthest = 24 // tokens
	small := func(i int) bool { return r.kind(i) == wordToken && !r.tokens[i].title }
	i := at + 2
	for i < at+farthest && germanJoins[r.at(i)] {
		next := i + 1
		for next < i+3 && small(next) { // und nach der 3. Stunde
			next++
		}
		if r.kind(next) != numberToken || !r.isGlued(next+1, ".") {
			break
		}
		i = next + 2
	}
	for most := i + 2; i < most && small(i); {
		i++
	}
	if r.kind(i) != wordToken || !r.tokens[i].title {
		return ""
	}
	return r.at(i)
}

// germanJoins join an ordinal with the next.
var germanJoins = set("und oder bis sowie , - –")

// isGermanFeminine reports whether a noun is more likely feminine than not.
func isGermanFeminine(noun string) bool {
	return germanNominative(noun) == "e" || strings.HasSuffix(noun, "e") && !germanMasculine[noun] && !germanPeople[noun] && !germanNeuter[noun] && !strings.HasPrefix(noun, "Ge")
}

// germanPeople are men, and who may be one, by words that end as feminine nouns do.
var germanPeople = set(`Deutsche Jugendliche Erwachsene Verletzte Studierende Angestellte Beamte Verwandte Bekannte Gefangene Tote Kranke Arbeitslose Abgeordnete
	Vorsitzende Überlebende Reisende Freiwillige Geschworene Delegierte Auszubildende Minderjährige Versicherte Infizierte Bote Erbe Zeuge Experte Pole Däne Schwede
	Brite Türke Grieche Schotte Ire Rumäne Bulgare Finne Hirte Sklave Bube Rabe Ochse Glaube Wille Friede Funke Same Pate Geselle Riese Insasse Genosse Gatte
	Psychologe Soziologe Biologe Pädagoge Archäologe Linke Grüne Rote Schwarze Weiße`)

// germanNominative is the ending of an ordinal that has no article before it and
// stands for itself: zweite Liga, fünftes Kapitel, erster Advent.
func germanNominative(noun string) string {
	switch {
	case germanFeminineCounted[noun], germanFeminine[noun], endsWith(noun, "ung heit keit schaft tät ion") && !germanMasculine[noun]:
		return "e"
	case germanNeuter[noun], endsWith(noun, "jahr kapitel buch spiel chen lein ment tum geschoss"):
		return "es"
	}
	return "er"
}

// isCounted reports whether a noun is more likely counted off than the first word
// of a point of a list: 1. Bundesliga, but 1. Einleitung.
func isCounted(noun string) bool {
	return germanCenturies[noun] || germanNeuter[noun] || germanFeminineCounted[noun] || countedNames[noun]
}

// sayGermanLastOrdinal is a rule for an ordinal whose full stop ends the sentence,
// too: Er kam am 5. Dann ging er.
func sayGermanLastOrdinal(r *reader, at int) int {
	w := r.at(at)
	if len(w) > 3 || w[0] == '0' || !r.starts(at) || !r.isGlued(at+1, ".") || r.glued(at+2) || at == 0 {
		return at
	}
	ending := germanEnding(r.at(at - 1))
	before := strings.ToLower(r.at(at - 1))
	if before == "als" && r.kind(at+2) == noToken { // Er kam als 1.
		r.say(at, at+1, germanNumerals{}.ordinalStem(w)+"er")
		return at + 1
	}
	if ending == "er" || ending == "e" && r.kind(at+2) == noToken && before != "der" || r.at(at-1) == "ab" || r.at(at-1) == "bis" || r.at(at-1) == "seit" {
		return at
	}
	ends := r.kind(at+2) == noToken || r.kind(at+2) == wordToken && germanStarters[r.at(at+2)]
	if !ends {
		return at
	}
	r.say(at, at+1, germanNumerals{}.ordinalStem(w)+ending)
	return at + 1
}

// sayGermanPoint is a rule for the number of a point of a list or of a heading,
// at the beginning: 1. Einleitung. Its full stop stays.
func sayGermanPoint(r *reader, at int) int {
	if at > 0 || len(r.at(at)) > 2 || !r.isGlued(at+1, ".") || r.kind(at+2) != wordToken || r.glued(at+2) || !r.tokens[at+2].title || r.tokens[at+2].caps || isCounted(r.at(at+2)) {
		return at
	}
	if month, _ := r.monthAt(at + 2); month > 0 || roman(r.at(at+2)) > 0 {
		return at
	}
	r.say(at, at+1, r.cardinal(r.at(at), alone))
	return at + 1
}

// sayGermanTwoDays is a rule for two days of a month with a slash between: 1./2. Mai.
func sayGermanTwoDays(r *reader, at int) int {
	first, ok := r.dayNumber(at)
	last, too := r.dayNumber(at + 3)
	if !ok || !too || first >= last || !r.starts(at) || !r.isGlued(at+1, ".") || !r.isGlued(at+2, "/") || !r.glued(at+3) || !r.isGlued(at+4, ".") {
		return at
	}
	ending := germanEnding(r.at(at - 1))
	r.say(at, at+2, germanNumerals{}.ordinalStem(itoa(first))+ending+",")
	r.say(at+2, at+5, germanNumerals{}.ordinalStem(itoa(last))+ending)
	return at + 5
}

// sayGermanSpacedDate is a rule for a date in figures with spaces: 3. 5. 2020.
func sayGermanSpacedDate(r *reader, at int) int {
	day, ok := r.dayNumber(at)
	month, too := r.dayNumber(at + 2)
	if !ok || !too || month > 12 || !r.starts(at) || !r.isGlued(at+1, ".") || r.glued(at+2) || !r.isGlued(at+3, ".") || !r.yearAt(at+4) {
		return at
	}
	r.say(at, at+5, r.date(date{day: day, month: month, year: r.at(at + 4), before: r.at(at - 1)}))
	return at + 5
}

// germanQueens are women's names that end as men's do.
var germanQueens = set("Elisabeth Margarete Margarethe Beatrix Margret Ingrid Astrid")

// ruled are words behind which a name is in the dative.
var ruled = set("von mit unter bei zu nach aus seit vom beim zum dem gegenüber")

// germanRegnal is the number of a ruler with its article, in the case of the name
// before it: Wilhelm der Zweite, unter Wilhelm dem Zweiten, Wilhelms des Zweiten.
func (r *reader) germanRegnal(n, name int) string {
	stem := germanNumerals{}.ordinalStem(itoa(n))
	own := r.at(name)
	woman := germanQueens[own] || strings.HasSuffix(own, "a") && !strings.HasSuffix(own, "ua")
	before := name - 1
	for before > name-3 && r.kind(before) == wordToken && r.tokens[before].title { // König Friedrich Wilhelm
		before--
	}
	dative := ruled[strings.ToLower(r.at(before))]
	genitive := strings.HasSuffix(own, "s") && germanKings[strings.TrimSuffix(own, "s")] && !germanKings[own]
	switch {
	case woman && (dative || genitive):
		return "der " + stem + "en"
	case woman:
		return "die " + stem + "e"
	case genitive:
		return "des " + stem + "en"
	case dative:
		return "dem " + stem + "en"
	case germanAccusative[strings.ToLower(r.at(before))]:
		return "den " + stem + "en"
	}
	return "der " + stem + "e"
}

var germanAccusative = set("für gegen durch ohne um den über")

// sayGermanRomanFirst is a rule for a Roman numeral and its full stop before a noun
// that it counts, without an article: II. Weltkrieg, XIV. Kapitel.
func sayGermanRomanFirst(r *reader, at int) int {
	n := roman(r.at(at))
	if n == 0 || at > 0 && r.kind(at-1) != signToken || !r.isGlued(at+1, ".") || r.kind(at+2) != wordToken || r.glued(at+2) || !isCounted(r.at(at+2)) {
		return at
	}
	r.say(at, at+2, germanNumerals{}.ordinalStem(itoa(n))+germanNominative(r.at(at+2)))
	return at + 2
}

// sayGermanCompound is a rule for a number, and a unit, that hyphens join to a
// noun: 100-m-Lauf, 1-Euro-Stück, 5-kg-Sack.
func sayGermanCompound(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !r.starts(at) || !r.isGlued(n.end, "-") || !r.glued(n.end+1) || r.kind(n.end+1) != wordToken || n.end == at+1 && r.at(at)[0] == '0' && len(n.whole) > 1 {
		return at
	}
	unit, word := n.end+1, r.at(n.end+1)
	u, isUnit := r.unitNamed(word)
	joined := isUnit && r.isGlued(unit+1, "-") && r.glued(unit+2) && r.kind(unit+2) == wordToken && len(r.at(unit+2)) > 2 && len(word) < 5
	if !joined && (n.whole != "1" || n.point || len(word) < 3) {
		return at
	}
	r.say(at, n.end, r.numberWords(n, masculine))
	r.keep(n.end)
	if !joined {
		return n.end + 1
	}
	r.say(unit, unit+1, u.one)
	return unit + 1
}

// genderMarks part the ending of women in words that mean both: Schüler*innen.
var genderMarks = set("* : _ / ·")

// sayGermanGender is a rule for the mark before the ending of women, which is
// heard as a stop of the voice: Schüler*innen is "Schüler innen".
func sayGermanGender(r *reader, at int) int {
	end := at + 1
	if r.at(at) == "/" && r.isGlued(end, "-") {
		end++
	}
	if w := r.at(end); !genderMarks[r.at(at)] || !r.glued(at) || !r.glued(end) || r.kind(at-1) != wordToken || !r.tokens[at-1].title || w != "in" && w != "innen" || !r.ends(end+1) && r.at(end+1) != "-" {
		return at
	}
	r.say(at, end+1, r.at(end))
	return end + 1
}

// sayGermanThousandth is a rule for ordinals whose groups of digits are parted, too:
// der 1.000. Besucher.
func sayGermanThousandth(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !n.grouped || n.point || len(n.whole) > longestOrdinal || !r.starts(at) || !r.isGlued(n.end, ".") || r.kind(n.end+1) != wordToken || r.glued(n.end+1) || !r.tokens[n.end+1].title {
		return at
	}
	ending := germanEnding(r.at(at - 1))
	if ending == "er" && !isCounted(r.at(n.end+1)) {
		return at // the sentence ends
	}
	if ending == "er" {
		ending = germanNominative(r.at(n.end + 1))
	}
	r.say(at, n.end+1, germanNumerals{}.ordinalStem(n.whole)+ending)
	return n.end + 1
}
