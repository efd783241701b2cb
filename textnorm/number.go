package textnorm

import (
	"iter"
	"strconv"
	"strings"
)

// numeral is a number as written: 1,000.50.
type numeral struct {
	whole    string // its digits without separators; "" in .5
	decimals string
	point    bool // a decimal point is written
	grouped  bool // separators are written
	end      int  // the token behind it
}

// mostGroups bounds how many groups of digits rules look at.
const mostGroups = 14

// numeral reads the number that begins at a token. It ends before what would
// make it something else, such as the second point of 1.2.3.
func (r *reader) numeral(at int) (numeral, bool) {
	// Rules ask one after the other.
	if r.asked.at != at+1 {
		r.asked.n, r.asked.ok = r.readNumeral(at)
		r.asked.at = at + 1
	}
	return r.asked.n, r.asked.ok
}

func (r *reader) readNumeral(at int) (numeral, bool) {
	var n numeral
	i := at
	if n, ok := r.mixedNumeral(at); ok {
		return n, true
	}
	if r.kind(at) == numberToken {
		n.whole = r.at(at)
		i++
		if r.lakhs && len(n.whole) <= 2 {
			i = r.lakhGroups(&n, i)
		}
		if len(n.whole) <= 3 && n.whole != "0" {
			i = r.groups(&n, i)
		}
	} else if r.at(at) != r.decimal || !r.starts(at) || r.at(at-1) == r.decimal && r.glued(at) {
		return n, false
	}
	if r.isDecimal(i) {
		if r.isDecimal(i + 2) { // 1.2.3
			if n.whole == "" {
				return n, false
			}
			n.end = i
			return n, true
		}
		n.point = true
		n.decimals = r.at(i + 1)
		i += 2
	} else if n.whole == "" {
		return n, false
	}
	n.end = i
	return n, true
}

// isDecimal reports whether at i are the decimal point and digits, glued. The
// point may begin a number.
func (r *reader) isDecimal(i int) bool {
	return r.at(i) == r.decimal && (r.glued(i) || r.kind(i-1) != numberToken) && r.glued(i+1) && r.kind(i+1) == numberToken
}

// groups adds groups of three digits to n, from token i on, and returns the
// token behind them.
func (r *reader) groups(n *numeral, i int) int {
	separator := ""
	whole := []byte(n.whole)
	start := i
	for range mostGroups {
		step := 0
		switch {
		case r.kind(i) == numberToken && (separator == " " || separator == "" && r.spaceGroups(i)):
			separator, step = " ", 1
		case r.kind(i) == signToken && r.glued(i) && r.glued(i+1) && strings.Contains(r.group, r.at(i)) && (separator == "" || separator == r.at(i)):
			separator, step = r.at(i), 2
		}
		if step == 0 || r.kind(i+step-1) != numberToken || len(r.at(i+step-1)) != 3 {
			if step == 2 && i > start && r.kind(i+1) == numberToken && separator != " " {
				return start // 1,234,5 is a list
			}
			break
		}
		whole = append(whole, r.at(i+step-1)...)
		i += step
	}
	if i > start {
		n.whole, n.grouped = string(whole), true
	}
	return i
}

// spaceGroups reports whether digits behind a space may go on with a number: a
// language that writes no spaces there has two groups at least, or zeros.
func (r *reader) spaceGroups(i int) bool {
	if strings.Contains(r.group, " ") {
		return true
	}
	group := func(i int) bool { return r.kind(i) == numberToken && !r.glued(i) && len(r.at(i)) == 3 && r.ends(i+1) }
	return group(i) && (r.at(i) == "000" || group(i+1) && r.kind(i+2) != numberToken && r.at(i-1) != "" && len(r.at(i-1)) < 3)
}

// mixedNumeral reads a number that has marks both between groups and before
// decimals, of which the last decides, whatever the language's own are:
// 1,234.50 and 1.234,50.
func (r *reader) mixedNumeral(at int) (numeral, bool) {
	group := r.at(at + 1)
	if group == "" || !strings.Contains(".,'’_", group) || !r.glued(at+1) || r.kind(at) != numberToken || len(r.at(at)) > 3 || r.at(at) == "0" {
		return numeral{}, false
	}
	n := numeral{grouped: true, point: true}
	whole := []byte(r.at(at))
	i := at + 1
	for groups := 0; groups < mostGroups && r.isGlued(i, group) && r.glued(i+1) && r.kind(i+1) == numberToken && len(r.at(i+1)) == 3; groups++ {
		whole = append(whole, r.at(i+1)...)
		i += 2
	}
	if point := r.at(i); i == at+1 || point == group || point != "." && point != "," || !r.glued(i) || !r.glued(i+1) || r.kind(i+1) != numberToken || !r.ends(i+2) ||
		(r.isGlued(i+2, ".") || r.isGlued(i+2, ",")) && r.glued(i+3) && r.kind(i+3) == numberToken {
		return numeral{}, false
	}
	n.whole, n.decimals, n.end = string(whole), r.at(i+1), i+2
	return n, true
}

// quantity is a number whose unit or currency is known to be there: its decimal
// mark may be that of another language: 39.99 EUR, 1,5 kg.
func (r *reader) quantity(at int) (numeral, bool) {
	n, ok := r.numeral(at)
	if mark := r.at(n.end); ok && !n.point && (mark == "," || mark == ".") && r.glued(n.end) && r.isDash(n.end+1) && r.glued(n.end+1) && (r.kind(n.end+2) != numberToken || !r.glued(n.end+2)) {
		n.end += 2 // 5,- €
		if r.isDash(n.end) && r.glued(n.end) {
			n.end++
		}
		return n, true
	}
	if !ok || n.point || n.grouped || n.end != at+1 {
		return n, ok
	}
	mark := r.at(n.end)
	if mark != "." && mark != "," || !r.glued(n.end) || !r.glued(n.end+1) || r.kind(n.end+1) != numberToken || len(r.at(n.end+1)) == 3 && r.at(at) != "0" ||
		(r.isGlued(n.end+2, ".") || r.isGlued(n.end+2, ",")) && r.glued(n.end+3) && r.kind(n.end+3) == numberToken {
		return n, ok
	}
	n.point, n.decimals, n.end = true, r.at(n.end+1), n.end+2
	return n, true
}

// lakhGroups adds groups of two digits and a last one of three.
func (r *reader) lakhGroups(n *numeral, i int) int {
	whole, start := n.whole, i
	for range mostGroups {
		if r.kind(i) != signToken || !strings.Contains(r.group, r.at(i)) || !r.glued(i) || !r.glued(i+1) || r.kind(i+1) != numberToken {
			break
		}
		group := r.at(i + 1)
		whole += group
		i += 2
		if len(group) == 3 && i > start+2 {
			n.whole, n.grouped = whole, true
			return i
		} else if len(group) != 2 {
			break
		}
	}
	return start
}

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
	words := make([]string, 0, len(digits))
	for _, c := range []byte(digits) {
		words = append(words, names[c-'0'])
	}
	return strings.Join(words, " ")
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

// sayDotted is a rule for numbers with several points: versions, addresses of
// machines. Each part is said as a number, or digit by digit when there are
// four or a part begins with zero or has more than two digits.
func sayDotted(r *reader, at int) int {
	if n, ok := r.numeral(at); ok && n.grouped { // 1.234.567 where full stops part groups
		return at
	}
	parts, i := []string{r.at(at)}, at+1
	digits := len(r.at(at)) > 2
	for len(parts) < mostGroups && r.isGlued(i, ".") && r.glued(i+1) && r.kind(i+1) == numberToken {
		part := r.at(i + 1)
		digits = digits || len(part) > 2 || part[0] == '0' && len(part) > 1
		parts = append(parts, part)
		i += 2
	}
	if len(parts) < 3 || !r.ends(i) || !r.starts(at) && len(r.at(at-1)) > 1 {
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
			r.say(at, n.end, r.cardinal(n.whole, g))
			return n.end
		}
	}
	r.say(at, n.end, r.plainNumber(at, n))
	return n.end
}

// plainNumber is a number that nothing is known of but itself.
func (r *reader) plainNumber(at int, n numeral) string {
	switch {
	case n.point:
		return r.numberWords(n, alone)
	case len(n.whole) > 1 && n.whole[0] == '0', len(n.whole) > r.longestNumber() && !n.grouped && !strings.HasSuffix(n.whole, "000"):
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
	if len(n.whole) != 4 || n.whole < "1100" || n.whole > "2099" || r.glued(at) && r.kind(at-1) == wordToken {
		return false
	}
	return !r.counts(n.end)
}

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

// sayRange is a rule for the dash between two numbers or the like: 2-8,
// 1960s-1980s, $5-$10. What is before it has been read.
func sayRange(r *reader, at int) int {
	switch r.at(at) {
	case "-", "–", "—", "−":
	default:
		return at
	}
	apart := !r.glued(at) && !r.glued(at+1) && r.at(at) == "–" // 5 – 10
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
	if r.at(next) == r.at(at-1) { // 50-50
		return at
	}
	r.say(at, at+1, r.particle.to)
	return at + 1
}

func itoa(n int) string { return strconv.Itoa(n) }
