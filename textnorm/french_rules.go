package textnorm

import "strings"

// sayFrenchSpoon is a rule for the spoons of recipes: 2 c. à s., 1 cuil. à café.
func sayFrenchSpoon(r *reader, at int) int {
	i := at + 1
	if r.isGlued(i, ".") {
		i++
	}
	if r.kind(at-1) != numberToken && vulgar[r.at(at-1)][0] == "" || r.at(i) != "à" && r.at(i) != "a" {
		return at
	}
	kind := map[string]string{"s": "soupe", "c": "café", "soupe": "soupe", "café": "café", "thé": "thé"}[r.at(i+1)]
	if kind == "" || !r.ends(i+2) {
		return at
	}
	end := i + 2
	if len(r.at(i+1)) == 1 && r.isGlued(end, ".") && r.kind(end+1) != noToken {
		end++
	}
	spoon := "cuillères"
	if w := r.at(at - 1); w == "1" || r.kind(at-1) == signToken || r.at(at-2) == "/" {
		spoon = "cuillère"
	}
	r.say(at, end, spoon+" à "+kind)
	return end
}

// sayFrenchHalfSpoon is a rule for half a spoon, which is feminine: ½ c. à c.,
// 1/2 cuil. à soupe.
func sayFrenchHalfSpoon(r *reader, at int) int {
	end := r.halfAt(at)
	if w := r.at(end); end == at || !r.starts(at) || w != "c" && w != "cuil" && w != "cs" && w != "cc" || r.glued(end) {
		return at
	}
	r.say(at, end, r.halves.before[feminine])
	return end
}

// sayFrenchArticle is a rule for the letter before the number of an article of the
// law, and the hyphen within it: art. L. 123-4, R123-4.
func sayFrenchArticle(r *reader, at int) int {
	i := at + 1
	if r.isGlued(i, ".") {
		i++
	}
	w := r.at(at)
	if w != "L" && w != "R" && w != "D" || r.kind(i) != numberToken || !r.isDash(i+1) || !r.glued(i+1) || !r.glued(i+2) || r.kind(i+2) != numberToken || !r.ends(i+3) && !r.isDash(i+3) {
		return at
	}
	r.say(at, i, w)
	r.say(i, i+1, r.cardinal(r.at(i), alone))
	end := i + 1
	for r.isDash(end) && r.glued(end) && r.glued(end+1) && r.kind(end+1) == numberToken && end < i+8 {
		r.say(end, end+1, r.particle.dash)
		r.say(end+1, end+2, r.cardinal(r.at(end+1), alone))
		end += 2
	}
	return end
}

// sayFrenchInclusive is a rule for words that name women and men at once:
// étudiant·e·s, étudiant(e)s, which are said as they are for women.
func sayFrenchInclusive(r *reader, at int) int {
	i := at + 1
	mark := r.at(i)
	if !r.glued(i) || mark != "·" && mark != "•" && mark != "(" || !r.glued(i+1) || r.kind(i+1) != wordToken || len(r.at(i+1)) > 6 || !frenchWomen[r.at(i+1)] {
		return at
	}
	words := womanOf(r.at(at), r.at(i+1))
	end := i + 2
	if mark == "(" {
		if !r.isGlued(end, ")") {
			return at
		}
		end++
		if r.isGlued(end, "s") {
			words += "s"
			end++
		}
	} else if r.isGlued(end, mark) && r.isGlued(end+1, "s") {
		words += "s"
		end += 2
	}
	if !r.ends(end) {
		return at
	}
	r.say(at, end, words)
	return end
}

// frenchWomen are the endings of women that are written behind a mark.
var frenchWomen = set("e es ne nes le les trice trices euse euses ière ières ve ves se ses te tes")

// womanOf is a noun with the ending of women in place of its own.
func womanOf(noun, ending string) string {
	for _, pair := range [][2]string{{"trice", "teur"}, {"euse", "eur"}, {"ière", "ier"}, {"ve", "f"}, {"se", "x"}} {
		if base, ok := strings.CutSuffix(noun, pair[1]); ok && strings.HasPrefix(ending, pair[0]) {
			return base + ending
		}
	}
	return noun + ending
}

// sayFrenchMark is a rule for the marks of schools, of twenty, and for all out of
// all: 12/20 is douze sur vingt, 10/10 dix sur dix.
func sayFrenchMark(r *reader, at int) int {
	over, under := r.at(at), r.at(at+2)
	if !r.starts(at) || r.isGlued(at, "/") || !r.isGlued(at+1, "/") || !r.glued(at+2) || r.kind(at+2) != numberToken || !r.ends(at+3) || r.isGlued(at+3, "/") || len(over) > 3 || over == "1" || over[0] == '0' {
		return at
	}
	if under != "20" && over != under || atoi(over) > atoi(under) {
		return at
	}
	r.say(at, at+1, r.cardinal(over, alone))
	r.say(at+1, at+3, r.particle.over+" "+r.cardinal(under, alone))
	return at + 3
}

// sayFrenchDecade is a rule for decades by their number, which counts nothing: les
// années 80 is "les années quatre-vingt"; les 80s are called as in English.
func sayFrenchDecade(r *reader, at int) int {
	w := r.at(at)
	english := frenchDecades[w]
	if english == "" || !r.starts(at) {
		return at
	}
	before := strings.ToLower(r.at(at - 1))
	if r.isGlued(at+1, "s") && r.ends(at+2) && (before == "les" || before == "des" || before == "années" || at == 0) && r.kind(at+2) != numberToken {
		r.say(at, at+2, english)
		return at + 2
	}
	if before == "années" && r.ends(at+1) {
		r.say(at, at+1, strings.TrimSuffix(r.cardinal(w, alone), "s"))
		return at + 1
	}
	return at
}

var frenchDecades = map[string]string{"20": "twenties", "30": "thirties", "40": "forties", "50": "fifties", "60": "sixties", "70": "seventies", "80": "eighties", "90": "nineties"}

// sayFrenchMany is a rule for ordinals in the plural: les 1ers, les 2es.
func sayFrenchMany(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || n.point || len(n.whole) > longestOrdinal || !r.starts(at) || !r.glued(n.end) || !r.ends(n.end+1) {
		return at
	}
	one, many := strings.CutSuffix(r.at(n.end), "s")
	g, ok := frenchOrdinalEnd(n.whole, one)
	if !many || !ok {
		return at
	}
	r.say(at, n.end+1, r.ordinal(n.whole, g)+"s")
	return n.end + 1
}

// sayHonourable is a rule for the short form of a title and the article before it,
// which loses its vowel: le hon., le très hon.
func sayHonourable(r *reader, at int) int {
	if r.at(at+1) != "hon" || !r.isGlued(at+2, ".") {
		return at
	}
	end := at + 3
	if r.kind(end) == noToken { // the full stop is the sentence's, too
		end--
	}
	words := "l'honorable"
	if r.tokens[at].title {
		words = "L'honorable"
	}
	r.say(at, end, words)
	return end
}

// sayFrenchMillion is a rule for an M apart that counts what "de" follows: 1,5 M
// d'habitants.
func sayFrenchMillion(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !r.starts(at) || r.at(n.end) != "M" {
		return at
	}
	if next := r.at(n.end + 1); next != "de" && !strings.HasPrefix(next, "d'") {
		return at
	}
	r.say(at, n.end+1, r.counted(n, r.short["M"]))
	return n.end + 1
}

// sayFrenchAddedTime is a rule for a minute of a match and those that were added: 90e+3.
func sayFrenchAddedTime(r *reader, at int) int {
	if !r.starts(at) || !r.isGlued(at+1, "e") || !r.isGlued(at+2, "+") || !r.glued(at+3) || r.kind(at+3) != numberToken || !r.ends(at+4) {
		return at
	}
	r.say(at, at+2, r.ordinal(r.at(at), masculine))
	r.say(at+2, at+3, r.particle.plus)
	r.say(at+3, at+4, r.cardinal(r.at(at+3), alone))
	return at + 4
}

// sayFrenchCouple is a rule for M. before "et Mme", which is no name.
func sayFrenchCouple(r *reader, at int) int {
	if r.at(at) != "M" || !r.starts(at) || !r.isGlued(at+1, ".") || r.at(at+2) != "et" || !strings.HasPrefix(r.at(at+3), "M") {
		return at
	}
	r.say(at, at+2, "Monsieur")
	return at + 2
}
