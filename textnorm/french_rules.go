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
	if w := r.at(at - 1); w == "1" || r.kind(at-1) == signToken {
		spoon = "cuillère"
	}
	r.say(at, end, spoon+" à "+kind)
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
	if under != "20" && over != under {
		return at
	}
	r.say(at, at+1, r.cardinal(over, alone))
	r.say(at+1, at+3, r.particle.over+" "+r.cardinal(under, alone))
	return at + 3
}
