package textnorm

import "strings"

// halves is how a language says a half of what a noun names.
type halves struct {
	// before is a half before a noun, by its gender: media taza, eine halbe Tasse.
	before map[gender]string
	// behind is what follows a whole number and its noun: una taza y media. Where
	// a half stands in the number instead, it is its ending: eineinhalb Tassen.
	behind map[gender]string
	within bool
	// genderOf guesses the gender of the noun at a token; alone if it is none.
	genderOf func(r *reader, at int) gender
}

// sayHalf is a rule for a half, alone or behind a whole number, before a noun or a
// unit: ½ taza, 1/2 kg, 2 ½ heures.
func sayHalf(r *reader, at int) int {
	if r.halves.before == nil || !r.starts(at) {
		return at
	}
	end := r.halfAt(at)
	whole := ""
	if end == at {
		if whole = r.at(at); r.kind(at) != numberToken || len(whole) > 3 {
			return at
		}
		if end = r.halfAt(at + 1); end == at+1 {
			return at
		}
	}
	name, g, behind := "", alone, end+1
	if u, next, ok := r.unitAt(end); ok {
		if name, g, behind = u.many, u.gender, next; whole == "" || whole == "1" && !r.halves.within {
			name = u.one
		}
	} else if r.kind(end) == wordToken && r.tokens[end].space {
		name, g = r.at(end), r.halves.genderOf(r, end)
	}
	if g == alone || name == "" {
		return at
	}
	switch {
	case whole == "":
		r.say(at, end, r.halves.before[g])
		return r.sayOrKeep(end, behind, name)
	case r.halves.within:
		r.say(at, end, strings.ReplaceAll(r.cardinal(whole, masculine), " ", "")+r.halves.behind[g])
		return r.sayOrKeep(end, behind, name)
	case whole == "1" && strings.HasSuffix(name, "s"): // 1 1/2 tazas
		name = strings.TrimSuffix(name, "s")
	}
	r.say(at, behind, r.cardinal(whole, g)+" "+name+" "+r.halves.behind[g])
	return behind
}

// halfAt is the token behind a half, as one character or as 1/2; at if there is
// none.
func (r *reader) halfAt(at int) int {
	switch {
	case r.at(at) == "½":
		return at + 1
	case r.at(at) == "1" && (r.isGlued(at+1, "/") || r.isGlued(at+1, "⁄")) && r.isGlued(at+2, "2") && (!r.glued(at+3) || r.kind(at+3) == wordToken):
		return at + 3
	}
	return at
}

// sayOrKeep says the name of a unit or a sign, or keeps a noun as it is written, and
// what the language has no word for.
func (r *reader) sayOrKeep(from, to int, name string) int {
	if to == from+1 && (name == "" || name == r.at(from)) {
		r.keep(from)
		return to
	}
	r.say(from, to, name)
	return to
}

// germanHalves are halves in the nominative: ein halber Liter.
var germanHalves = halves{
	before: map[gender]string{masculine: "ein halber", feminine: "eine halbe", neuter: "ein halbes"},
	behind: map[gender]string{masculine: "einhalb", feminine: "einhalb", neuter: "einhalb"},
	within: true,
	genderOf: func(r *reader, at int) gender {
		switch {
		case !r.tokens[at].title || starters[r.at(at)] || germanStarters[r.at(at)]:
			return alone
		case germanNeuter[r.at(at)] || endsWith(r.at(at), "chen lein ment tum pfund kilo gramm"):
			return neuter
		case germanNominative(r.at(at)) == "e" || strings.HasSuffix(r.at(at), "e") && !germanMasculine[r.at(at)] || strings.HasSuffix(r.at(at), "en") && germanFeminine[strings.TrimSuffix(r.at(at), "n")]:
			return feminine
		}
		return masculine
	},
}

// romanceHalves are halves that agree with the noun and follow it behind a whole
// number.
func romanceHalves(he, she, and string, genderOf func(r *reader, at int) gender) halves {
	return halves{
		before:   map[gender]string{masculine: he, neuter: he, feminine: she},
		behind:   map[gender]string{masculine: and + " " + he, neuter: and + " " + he, feminine: and + " " + she},
		genderOf: genderOf,
	}
}

// frenchHalves: une demi-heure, but une heure et demie.
func frenchHalves() halves {
	h := romanceHalves("demi", "demie", "et", func(r *reader, at int) gender {
		w := strings.TrimSuffix(r.at(at), "s")
		switch {
		case r.tokens[at].title || len(w) < 2 || frenchNoNoun[r.at(at)]:
			return alone
		case isFrenchFeminine(w):
			return feminine
		}
		return masculine
	})
	h.before = map[gender]string{masculine: "un demi", neuter: "un demi", feminine: "une demi"}
	return h
}

var frenchNoNoun = set("de du et ou au en un ce se me te le la il on ne ni si des dans pour par sur avec sans sous entre mais donc que qui est sont était ont plus moins fois les aux leur cette ces")
