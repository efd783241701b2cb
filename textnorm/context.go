package textnorm

import "strings"

// Rules for what words around a number say that it is: a scale, a pressure of
// blood, a size of two lengths, degrees of which the scale is a letter.

// scaled are words beside which 1:10 is no time of day, in all languages.
var scaled = set(`scale ratio odds proportion verhältnis maßstab massstab quote escala razón relación proporción échelle rapport cote scala rapporto proporzione
	proporção razão relação`)

// isScaled reports whether a word beside the tokens from to (excluded) says that
// they are a ratio: scale 1:50, a ratio of 2:1, 1:10 odds.
func (r *reader) isScaled(from, to int) bool {
	for i := from - 1; i >= from-3; i-- {
		w := strings.ToLower(r.at(i))
		if scaled[w] {
			return true
		}
		if r.kind(i) != wordToken && w != ":" || len(w) > 3 {
			break
		}
	}
	return scaled[strings.ToLower(r.at(to))]
}

// sayScale is a rule for the ratio of a scale, which could be a time of day:
// Maßstab 1:50, échelle 1:25 000.
func sayScale(r *reader, at int) int {
	if r.kind(at) != numberToken || !r.starts(at) || !r.isGlued(at+1, ":") || !r.glued(at+2) {
		return at
	}
	n, ok := r.numeral(at + 2)
	if !ok || !r.ends(n.end) || !r.isScaled(at, n.end) {
		return at
	}
	r.say(at, at+1, r.cardinal(r.at(at), alone))
	r.say(at+1, at+2, r.particle.ratio)
	r.say(at+2, n.end, r.numberWords(n, alone))
	return n.end
}

// pressed are words behind which 120/80 is a pressure of blood.
var pressed = set("bp pressure blutdruck rr tensión presión tension artérielle pressione pressão arterial")

// sayBloodPressure is a rule for 120/80.
func sayBloodPressure(r *reader, at int) int {
	over, under := r.at(at), r.at(at+2)
	if len(over) != 3 || !r.starts(at) || !r.isGlued(at+1, "/") || !r.glued(at+2) || r.kind(at+2) != numberToken || len(under) < 2 || len(under) > 3 || !r.ends(at+3) {
		return at
	}
	if r.at(at+3) != "mmHg" && !r.isBehind(at, pressed) {
		return at
	}
	r.say(at, at+1, r.cardinal(over, alone))
	r.say(at+1, at+2, r.particle.above())
	r.say(at+2, at+3, r.cardinal(under, alone))
	u, end, ok := r.unitAt(at + 3)
	if !ok {
		return at + 3
	}
	r.say(at+3, end, u.many)
	return end
}

// isBehind reports whether one of these words stands before a token, at most
// three words and a colon away.
func (r *reader) isBehind(at int, words map[string]bool) bool {
	for i := at - 1; i >= at-4 && i >= 0; i-- {
		switch w := strings.ToLower(r.at(i)); {
		case words[w]:
			return true
		case r.kind(i) != wordToken && w != ":" && w != ".":
			return false
		}
	}
	return false
}

// above is what stands between the two numbers of a pressure of blood.
func (p *particles) above() string {
	if p.over == "durch" {
		return p.ratio // German: 120 zu 80
	}
	return p.over
}

// sayDividedBy is a rule for a slash, or a colon before an equals sign, with spaces
// around it between two numbers.
func sayDividedBy(r *reader, at int) int {
	sum := r.at(at) == ":" && (r.at(at+2) == "=" || r.at(at-2) == "=") // 10 : 2 = 5
	if r.at(at) != "/" && !sum || r.glued(at) != r.glued(at+1) || r.glued(at) && !sum || r.kind(at-1) != numberToken || r.kind(at+1) != numberToken || r.signs['÷'] == "" {
		return at
	}
	r.say(at, at+1, r.signs['÷'])
	return at + 1
}

// sayByLength is a rule for the cross between two lengths that both have their
// unit: 20 cm x 30 cm.
func sayByLength(r *reader, at int) int {
	if !isCross(r.at(at)) || r.kind(at-2) != numberToken {
		return at
	}
	n, ok := r.numeral(at + 1)
	if _, isUnit := r.unitNamed(r.at(at - 1)); !ok || !isUnit {
		return at
	}
	if _, _, isUnit := r.unitAt(n.end); !isUnit {
		return at
	}
	r.sayOrKeep(at, at+1, r.particle.by)
	return at + 1
}

// isCross reports whether a token is the cross between two lengths.
func isCross(w string) bool { return w == "x" || w == "X" || w == "×" }

// sayDegreeLetter is a rule for the scale behind the word for degrees: 350 degrees
// F.
func sayDegreeLetter(r *reader, at int) int {
	scale, ok := r.units["°"+r.at(at+1)]
	if !ok || r.kind(at+1) != wordToken || !r.tokens[at+1].space || !r.ends(at+2) || len(r.at(at+1)) != 1 {
		return at
	}
	r.keep(at)
	name := scale.many
	r.say(at+1, at+2, name[strings.LastIndexByte(name, ' ')+1:])
	return at + 2
}

// sayIBAN is a rule for the number of an account: two letters of a country, then
// digits in groups: DE89 3704 0044 0532 0130 00. All is said one by one.
func sayIBAN(r *reader, at int) int {
	if len(r.at(at)) != 2 || !r.starts(at) || r.kind(at+1) != numberToken || !r.glued(at+1) || len(r.at(at+1)) != 2 {
		return at
	}
	end := at + 2
	for end < at+10 && r.kind(end) == numberToken && !r.glued(end) && len(r.at(end)) <= 4 {
		end++
	}
	if end < at+5 || !r.ends(end) {
		return at
	}
	r.say(at, at+1, r.spellZone(r.at(at)))
	for i := at + 1; i < end; i++ {
		words := r.digitsOf(r.at(i))
		if i+1 < end {
			words += ","
		}
		r.say(i, i+1, words)
	}
	return end
}
