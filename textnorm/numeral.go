package textnorm

import "strings"

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
	if n, ok := r.englishGroups(at); ok {
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
		if r.isDecimal(i+2) || r.isListed(at, i) { // 1.2.3
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
	if r.apostrophe && r.isGlued(i, "'") && r.kind(i-1) == numberToken && r.glued(i+1) && r.kind(i+1) == numberToken && len(r.at(i+1)) < 3 && !r.isGlued(i+2, "'") {
		return true // 1'50
	}
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
			if step == 2 && i > start && r.kind(i+1) == numberToken && separator != " " && r.at(i - 1)[0] != '0' { // 1,000,2 begins with a thousand
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

// spaceGroups reports whether digits behind a space may go on with a number, which does
// not begin with a zero alone: a language that writes no spaces there has two groups at
// least, or zeros.
func (r *reader) spaceGroups(i int) bool {
	if r.at(i-1) == "0" {
		return false
	}
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

// englishGroups reads a number whose groups of three digits commas part, two groups at
// least, in a language that writes decimals with a comma: 1,234,567. Three digits before
// the first comma are more likely a list: 100,200,300.
func (r *reader) englishGroups(at int) (numeral, bool) {
	if r.decimal != "," || !r.isGlued(at+1, ",") || r.kind(at) != numberToken || len(r.at(at)) > 2 || r.at(at)[0] == '0' || !r.starts(at) || r.isGlued(at-1, ",") {
		return numeral{}, false
	}
	n := numeral{whole: r.at(at), grouped: true, end: at + 1}
	for groups := 0; groups < mostGroups && r.isGlued(n.end, ",") && r.glued(n.end+1) && r.kind(n.end+1) == numberToken; groups++ {
		group := r.at(n.end + 1)
		if len(group) != 3 {
			return numeral{}, false
		}
		n.whole += group
		n.end += 2
	}
	return n, n.end > at+3 && r.ends(n.end)
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
