package textnorm

import (
	"iter"
	"strconv"
	"strings"
)

// numberWords is a number in words: its whole part in a gender, the decimals.
func (l *language) numberWords(n numeral, g gender) string {
	if !n.point {
		return l.cardinal(n.whole, g)
	}
	if l.withDecimals != nil && n.whole != "" {
		return l.withDecimals(n, g)
	}
	decimals := l.particle.point + " " + l.decimals(n.decimals)
	if n.whole == "" {
		return decimals
	}
	return l.cardinal(n.whole, alone) + " " + decimals
}

// digitsOf says digits one by one.
func (l *language) digitsOf(digits string) string { return digitWords(l.particle.digit[:], digits) }

// digitWords says digits one by one, by the names of the ten.
func digitWords(names []string, digits string) string {
	var b strings.Builder
	b.Grow(len(digits) * len(" eight"))
	for i, c := range []byte(digits) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(names[c-'0'])
	}
	return b.String()
}

// groups are the groups of size digits that a number is said in, from the left,
// each with how many stand to the right of it. Those of zeros alone are passed
// over, and a group's leading zeros are taken off.
func groups(digits string, size int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for left := len(digits); left > 0; {
			after := (left - 1) / size
			group := strings.TrimLeft(digits[len(digits)-left:len(digits)-after*size], "0")
			if group != "" && !yield(after, group) {
				return
			}
			left = after * size
		}
	}
}

// isMinus reports whether a token is a minus that belongs to what follows it:
// not in 3-5 or a-5.
func (r *reader) isMinus(at int) bool {
	switch r.at(at) {
	case "-", "−", "–":
		return r.starts(at) && r.glued(at+1) && !(r.glued(at) && r.kind(at-1) == signToken && strings.Contains("-−–—.)]}%°", r.at(at-1)))
	}
	return false
}

// sayMinus is a rule for the minus before a number.
func sayMinus(r *reader, at int) int {
	if !r.isMinus(at) {
		return at
	}
	n, ok := r.numeral(at + 1)
	if !ok && r.kind(at+1) == signToken { // -$5
		if _, isMoney := r.currencies[strings.ToLower(r.at(at+1))]; isMoney {
			n, ok = r.numeral(at + 2)
		}
	}
	if !ok || r.isGlued(n.end, "-") || r.isGlued(n.end, "/") {
		return at
	}
	r.say(at, at+1, r.particle.minus)
	return at + 1
}

// sayDotted is a rule for numbers with points: versions, addresses of machines, and
// where decimals have a comma also sections and foreign decimals, which have one
// point. Each part is said as a number, or digit by digit when there are
// four or a part begins with zero or has more than two digits.
func sayDotted(r *reader, at int) int {
	n, ok := r.numeral(at)
	if ok && n.grouped { // 1.234.567 where full stops part groups
		return at
	}
	least := 3
	if ok && !n.point && r.particle.point != r.particle.dot {
		least = 2
	}
	parts, i := []string{r.at(at)}, at+1
	digits := len(r.at(at)) > 2
	for len(parts) < mostGroups && r.isGlued(i, ".") && r.glued(i+1) && r.kind(i+1) == numberToken {
		part := r.at(i + 1)
		digits = digits || len(part) > 2 || part[0] == '0' && len(part) > 1
		parts = append(parts, part)
		i += 2
	}
	network := len(parts) == 4 && r.isGlued(i, "/") && r.glued(i+1) && r.kind(i+1) == numberToken && r.ends(i+2) // 10.0.0.0/8
	if len(parts) < least || !r.ends(i) && !network || !r.starts(at) && len(r.at(at-1)) > 1 {
		return at
	}
	digits = digits || len(parts) == 4
	for k, part := range parts {
		words := r.cardinal(part, alone)
		if digits || len(part) > 1 && part[0] == '0' {
			words = r.digitsOf(part)
		}
		j := at + 2*k
		if k > 0 {
			r.say(j-1, j, r.particle.dot)
		}
		r.say(j, j+1, words)
	}
	if network {
		r.say(i, i+1, r.particle.slash)
		r.say(i+1, i+2, r.cardinal(r.at(i+1), alone))
		return i + 2
	}
	if port := r.at(i + 1); len(parts) == 4 && r.isGlued(i, ":") && r.glued(i+1) && r.kind(i+1) == numberToken && len(port) < 6 {
		r.say(i, i+1, r.particle.colon)
		r.say(i+1, i+2, r.digitsOf(port))
		i += 2
	}
	return i
}

// sayMinusApart is a rule for a minus between numbers of which one is apart:
// 5 - 2 = 3. Without an equals sign near it is a dash.
func sayMinusApart(r *reader, at int) int {
	if r.at(at) != "-" && r.at(at) != "–" || r.kind(at-1) != numberToken && r.kind(at-1) != wordToken || r.glued(at) && r.glued(at+1) {
		return at
	}
	if k := r.kind(at + 1); k != numberToken && k != wordToken {
		return at
	}
	if r.at(at-2) == "^" && r.kind(at+1) == numberToken { // 2^32 - 1
		r.say(at, at+1, r.particle.minus)
		return at + 1
	}
	for _, step := range []int{1, -1} {
		for i := at + step; i != at+8*step && r.at(i) != "," && r.at(i) != ";"; i += step {
			if r.at(i) == "=" {
				r.say(at, at+1, r.particle.minus)
				return at + 1
			}
		}
	}
	return at
}

// sayNumber is the last rule for numbers: whatever stands alone.
func sayNumber(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok {
		return at
	}
	if r.nounGender != nil && !n.point && (r.kind(n.end) == wordToken && r.tokens[n.end].space || n.end > at+1) {
		if g := r.nounGender(r, n.end); g != alone {
			r.say(at, n.end, strings.TrimSpace(r.cardinal(n.whole, g)+" "+r.ofMillions(n)))
			return n.end
		}
	}
	if r.isSpelled(n) {
		r.saySpelled(at, n.end, n.whole)
		return n.end
	}
	if n.point && !n.grouped && r.decimal == "." && len(n.decimals) == 2 && n.decimals[0] != '0' && r.isSectionBefore(at) { // section 4.10, Python 3.12
		r.say(at, n.end, r.cardinal(n.whole, alone)+" "+r.particle.point+" "+r.cardinal(n.decimals, alone))
		return n.end
	}
	r.say(at, n.end, r.plainNumber(at, n))
	return n.end
}

// isSpelled reports whether the digits of a number are said one by one: it begins
// with zero, or it is too long to be one without separators.
func (l *language) isSpelled(n numeral) bool {
	return !n.point && (len(n.whole) > 1 && n.whole[0] == '0' || len(n.whole) > l.longestNumber() && !n.grouped && !strings.HasSuffix(n.whole, "000"))
}

// plainNumber is a number that nothing is known of but itself.
func (r *reader) plainNumber(at int, n numeral) string {
	switch {
	case n.point:
		return r.numberWords(n, alone)
	case r.isSpelled(n):
		return r.digitsOf(n.whole)
	case !n.grouped && r.readsAsYear(at, n):
		return r.year(n.whole)
	}
	return r.cardinal(n.whole, alone)
}

// longestCardinal is the most digits that are said as one number when they are
// written without separators.
const longestCardinal = 9

func (l *language) longestNumber() int {
	if l.longest > 0 {
		return l.longest
	}
	return longestCardinal
}

// readsAsYear reports whether a number is likely a year: four digits from 1100
// to 2099, and nothing counted follows.
func (r *reader) readsAsYear(at int, n numeral) bool {
	if n.whole >= "1010" && n.whole < "1100" && len(n.whole) == 4 && r.ordinalPower && yearsFollow[strings.ToLower(r.at(at-1))] {
		return !r.counts(n.end) // in 1066
	}
	if len(n.whole) != 4 || n.whole < "1100" || n.whole > "2099" || r.glued(at) && r.kind(at-1) == wordToken {
		return false
	}
	return !r.counts(n.end)
}

// yearsFollow are English words behind which four digits are a year sooner than
// elsewhere.
var yearsFollow = set("in since until before after by from year")

// counts reports whether the word at a token is likely what the number before
// it counts: a noun in the plural.
func (r *reader) counts(at int) bool {
	w := r.at(at)
	if r.kind(at) != wordToken || !r.tokens[at].space || r.tokens[at].title {
		return false
	}
	return r.plural != nil && r.plural(w)
}

// isDash reports whether a token is a dash.
func (r *reader) isDash(at int) bool {
	return r.kind(at) == signToken && strings.Contains("-–—−", r.at(at))
}

// isUnitBehind reports whether a number and its unit begin at a token.
func (r *reader) isUnitBehind(at int) bool {
	n, ok := r.quantity(at)
	if !ok {
		return false
	}
	_, _, isUnit := r.unitAt(n.end)
	return isUnit
}

// sayRange is a rule for the dash between two numbers or the like: 2-8,
// 1960s-1980s, $5-$10. What is before it has been read.
func sayRange(r *reader, at int) int {
	switch r.at(at) {
	case "-", "–", "—", "−":
	default:
		return at
	}
	apart := !r.glued(at) && !r.glued(at+1) && (r.at(at) == "–" || r.isUnitBehind(at+1) || r.at(at-2) == ":" && r.at(at+2) == ":") // 5 – 10, 5 - 10 kg, 8:00 - 9:30
	if !apart && (!r.glued(at) || !r.glued(at+1)) || r.last != saidReading || !r.starts(r.lastFrom) {
		return at
	}
	if month, end := r.monthAt(at + 1); month > 0 && r.kind(end) == numberToken {
		if first, _ := r.monthAt(r.lastFrom); first > 0 { // May 3–June 5
			r.say(at, at+1, r.particle.to)
			return at + 1
		}
	}
	first := r.kind(r.lastFrom)
	if first == signToken {
		first = r.kind(r.lastFrom + 1)
	}
	next := at + 1
	if r.isGlued(next, "'") && r.kind(next+1) == numberToken { // '23-'24
		next++
	}
	if r.kind(next) == signToken && r.at(next) != r.decimal && r.glued(next+1) {
		if _, ok := r.currencies[r.at(next)]; !ok {
			return at
		}
		next++
	}
	n, ok := r.numeral(next)
	if !ok || first != numberToken || r.isDash(r.lastFrom-1) && r.glued(r.lastFrom) || r.isGlued(n.end, "-") {
		return at
	}
	if w := r.at(n.end); w == "=" { // 5-3=2
		r.say(at, at+1, r.particle.minus)
		return at + 1
	}
	if r.at(next) == r.at(at-1) && len(r.at(next)) == 2 { // 50-50
		return at
	}
	if r.last == saidReading && betweenWords[strings.ToLower(r.at(r.lastFrom-1))] { // between 5-10
		r.say(at, at+1, r.particle.and)
		return at + 1
	}
	r.say(at, at+1, r.particle.to)
	return at + 1
}

// betweenWords are words behind which two numbers are joined by "and".
var betweenWords = set("between zwischen entre tra fra")

func itoa(n int) string { return strconv.Itoa(n) }

// btoi is one for yes.
func btoi(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
