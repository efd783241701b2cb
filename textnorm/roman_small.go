package textnorm

import "strings"

// paged are words behind which numerals in small letters number pages.
var paged = set("page pages p pp seite seiten s página páginas pág págs p pagina pagine pag pagg")

// sayRomanSmall is a rule for Roman numerals in small letters where they can be
// nothing else: pages ii–ix, the points (ii) and (iv) of a list.
func sayRomanSmall(r *reader, at int) int {
	n := smallRoman(r.at(at))
	if n == 0 || !r.starts(at) {
		return at
	}
	if r.at(at-1) == "(" && r.glued(at) && r.isGlued(at+1, ")") && len(r.at(at)) > 1 {
		r.say(at, at+1, r.cardinal(itoa(n), alone))
		return at + 1
	}
	before := at - 1 - btoi(r.isGlued(at-1, "."))
	if !paged[strings.ToLower(r.at(before))] || r.glued(at) {
		return at
	}
	last := smallRoman(r.at(at + 2))
	if r.isDash(at+1) && r.glued(at+1) && r.glued(at+2) && last > n && r.ends(at+3) {
		r.say(at, at+1, r.cardinal(itoa(n), alone))
		r.say(at+1, at+2, r.particle.to)
		r.say(at+2, at+3, r.cardinal(itoa(last), alone))
		return at + 3
	}
	if !r.ends(at+1) || len(r.at(at)) == 1 && r.kind(at+1) == wordToken {
		return at
	}
	r.say(at, at+1, r.cardinal(itoa(n), alone))
	return at + 1
}

// smallRoman is the value of a Roman numeral up to 39 in small letters, or 0.
func smallRoman(w string) int {
	if strings.Trim(w, "ivx") != "" {
		return 0
	}
	return roman(strings.ToUpper(w))
}

// sayRomanPoint is a rule for the numeral of a heading, at the beginning: II. Methods.
// A single letter there may be a name's.
func sayRomanPoint(r *reader, at int) int {
	n := roman(r.at(at))
	if n == 0 || n > 39 || at > 0 || len(r.at(at)) < 2 || !r.isGlued(at+1, ".") || r.kind(at+2) != wordToken || r.glued(at+2) || !r.tokens[at+2].title {
		return at
	}
	r.say(at, at+1, r.cardinal(itoa(n), alone))
	return at + 1
}

// joinsNumerals are words between two Roman numerals of which the first
// is behind a word that they count: siglos XIX y XX.
var joinsNumerals = set("y e o u and or und oder bis et ou à a al to")

// sayRomanJoined is a rule for the second of two such numerals.
func sayRomanJoined(r *reader, at int) int {
	n := roman(r.at(at))
	if n == 0 || !joinsNumerals[strings.ToLower(r.at(at-1))] || roman(r.at(at-2)) == 0 || !r.ends(at+1) {
		return at
	}
	before := at - 3 - btoi(r.at(at-3) == ".")
	if !r.sections[strings.ToLower(r.at(before))] && !r.sections[sectionsOf[strings.ToLower(r.at(before))]] {
		return at
	}
	r.say(at, at+1, r.cardinal(itoa(n), alone))
	return at + 1
}

// sectionsOf are short forms of words that numerals are behind.
var sectionsOf = map[string]string{"ss": "siglo", "s": "siglo"}

// sayRomanTo says a dash and the second of two numerals, if they are at a token:
// siglos XIX-XX.
func (r *reader) sayRomanTo(at int) int {
	last := roman(r.at(at + 1))
	if !r.isDash(at) || !r.glued(at) || !r.glued(at+1) || last == 0 || !r.ends(at+2) {
		return at
	}
	r.say(at, at+1, r.particle.to)
	r.say(at+1, at+2, r.cardinal(itoa(last), alone))
	return at + 2
}
