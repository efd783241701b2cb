package textnorm

import (
	"strings"
	"unicode/utf8"
)

// raised and lowered are digits and signs above and below the line.
const (
	raised  = "⁰¹²³⁴⁵⁶⁷⁸⁹"
	lowered = "₀₁₂₃₄₅₆₇₈₉"
)

// raisedAt reads digits above the line, and a minus before them: ⁻³.
func (r *reader) raisedAt(at int) (digits string, minus bool, end int) {
	if r.isGlued(at, "⁻") {
		minus = true
		at++
	}
	digits = digitsIn(raised, r, at)
	return digits, minus, at + len(digits)
}

// digitsIn reads a run of at most longestCardinal glued characters that are
// digits of a set.
func digitsIn(set string, r *reader, at int) string {
	var digits []byte
	for ; len(digits) < longestCardinal && r.glued(at) && r.kind(at) == signToken; at++ {
		i := strings.Index(set, r.at(at))
		if i < 0 {
			break
		}
		digits = append(digits, byte('0'+utf8.RuneCountInString(set[:i])))
	}
	return string(digits)
}

// exponentAt reads what a number or a letter is raised by: ⁶, ^23, ^-2, ^n.
func (r *reader) exponentAt(at int) (words string, end int) {
	digits, minus, end := r.raisedAt(at)
	if digits == "" {
		if !r.isGlued(at, "^") {
			return "", at
		}
		end = at + 1
		if w := r.at(end); r.glued(end) && (w == "-" || w == "−") {
			minus = true
			end++
		}
		switch {
		case !r.glued(end):
			return "", at
		case r.kind(end) == numberToken && len(r.at(end)) <= longestCardinal && !r.isDecimal(end+1):
			digits = r.at(end)
		case r.kind(end) == wordToken && len(r.at(end)) == 1:
			return r.particle.power + " " + r.at(end), end + 1
		default:
			return "", at
		}
		end++
	}
	return r.powerWords(digits, minus), end
}

// powerWords is how an exponent is said behind what it raises.
func (l *language) powerWords(digits string, minus bool) string {
	words := ""
	switch {
	case minus:
		words = l.particle.minus + " " + l.cardinal(digits, alone)
	case digits == "2" && l.signs['²'] != "":
		return l.signs['²']
	case digits == "3" && l.signs['³'] != "":
		return l.signs['³']
	case l.ordinalPower && strings.Trim(digits, "0") != "":
		words = l.ordinal(digits, alone)
	default:
		words = l.cardinal(digits, alone)
	}
	return l.particle.power + " " + words
}

// sayPower is a rule for a number that is raised: 10⁶, 2^10, 10⁻³.
func sayPower(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !r.starts(at) || n.point {
		return at
	}
	words, end := r.exponentAt(n.end)
	if words == "" {
		return at
	}
	r.say(at, n.end, r.plainNumber(at, numeral{whole: n.whole, grouped: true}))
	r.say(n.end, end, words)
	return r.sayUnitBehind(end, false)
}

// sayRaised is a rule for the exponent of a word or a bracket: x^2, x⁴, (a+b)².
// What it raises has been said.
func sayRaised(r *reader, at int) int {
	if !r.glued(at) || r.kind(at-1) != wordToken && r.at(at-1) != ")" && !strings.Contains(lowered, r.at(at-1)) { // SO₄²⁻
		return at
	}
	if words, end := r.chargeAt(at); end > at {
		r.say(at, end, words)
		return end
	}
	words, end := r.exponentAt(at)
	if words == "" {
		return at
	}
	r.say(at, end, words)
	return end
}

// chargeAt reads the charge of an ion behind its formula: Ca²⁺, Cl⁻.
func (r *reader) chargeAt(at int) (words string, end int) {
	digits := digitsIn(raised, r, at)
	end = at + len(digits)
	sign := r.at(end)
	if !r.glued(end) || sign != "⁺" && sign != "⁻" || !r.ends(end+1) || r.kind(at-1) == wordToken && !r.tokens[at-1].title {
		return "", at
	}
	words = r.particle.plus
	if sign == "⁻" {
		words = r.particle.minus
	}
	if digits != "" {
		words = r.cardinal(digits, alone) + " " + words
	}
	return words, end + 1
}

// sayScientific is a rule for numbers with a power of ten: 3.2e-5, 1E10,
// 6.02×10²³.
func sayScientific(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !r.starts(at) {
		return at
	}
	i := n.end
	power, end := "", 0
	if w := r.at(i); r.glued(i) && (w == "e" || w == "E") {
		if _, isOrdinal := r.ordinalSuffix(i - 1); isOrdinal && w == "e" && r.isGlued(i+1, "+") { // la 90e+3
			return at
		}
		i++
		sign := r.at(i)
		if r.glued(i) && (sign == "-" || sign == "−" || sign == "+") {
			i++
		} else {
			sign = ""
		}
		if r.kind(i) != numberToken || !r.glued(i) || len(r.at(i)) > 4 || !r.ends(i+1) {
			return at
		}
		power, end = r.powerWords(itoa(atoi(r.at(i))), sign == "-" || sign == "−"), i+1
	} else {
		switch w {
		case "×", "x", "·", "*", "⋅":
		default:
			return at
		}
		if r.at(i+1) != "10" || r.glued(i) != r.glued(i+1) {
			return at
		}
		if power, end = r.exponentAt(i + 2); power == "" {
			return at
		}
	}
	r.say(at, n.end, r.numberWords(n, alone))
	r.say(n.end, end, r.particle.times+" "+r.cardinal("10", alone)+" "+power)
	return r.sayUnitBehind(end, false)
}

// sayFormula is a rule for letters of a chemical formula before a digit below
// the line: H₂SO₄. Capitals are spelled.
func sayFormula(r *reader, at int) int {
	if !r.tokens[at].caps || len(r.at(at)) > 4 || digitsIn(lowered, r, at+1) == "" && (!r.glued(at) || r.kind(at-1) != signToken || !strings.Contains(lowered, r.at(at-1))) {
		return at
	}
	r.say(at, at+1, spell(r.at(at)))
	return at + 1
}

// sayLowered is a rule for digits below the line: CO₂.
func sayLowered(r *reader, at int) int {
	digits := digitsIn(lowered, r, at)
	if digits == "" {
		return at
	}
	r.say(at, at+len(digits), r.cardinal(digits, alone))
	return at + len(digits)
}
