package textnorm

import "strings"

// longestTelephone is how many tokens of a telephone number rules look at.
const longestTelephone = 24

// spaced reports whether the groups of a telephone number that begins at a
// token may have only spaces between: 020 7946 0958, 555 555 0100.
func (r *reader) spaced(at int) bool {
	first := r.at(at)
	if first == "0" && strings.Contains(r.group, " ") { // 0 800 123 456
		return len(r.at(at+1)) == 3 && len(r.at(at+2)) > 1
	}
	return r.kind(at) == numberToken && (first[0] == '0' && len(first) > 1 && len(first) < 6 || len(first) == 3 || len(first) == 4 && (r.isCard(at) || len(r.at(at+1)) == 3 && len(r.at(at+2)) == 3))
}

// isTrunk reports whether digits may stand before the code of an area in
// brackets: the code of a country, or what is dialled before it.
func (r *reader) isTrunk(at int) bool {
	return r.isGlued(at, r.at(at)) && r.at(at-1) == "+" || r.at(at) == "1" || r.at(at)[0] == '0'
}

// isCard reports whether four groups of four digits, as on a card of a bank,
// begin at a token.
func (r *reader) isCard(at int) bool {
	for i := at; i < at+4; i++ {
		if r.kind(i) != numberToken || len(r.at(i)) != 4 || i > at && r.glued(i) {
			return false
		}
	}
	return r.ends(at+4) && r.kind(at+4) != numberToken
}

// sayTelephone is a rule for telephone numbers and their like: +1 (123)
// 123-5678, 555.555.5555, 111-11-1111, 1-800-GO-U-HAUL. Groups of digits parted
// by one kind of mark are one if there are three or more of them, or two of
// which the first has three digits and the second four; a plus or an area code
// in brackets needs less.
func sayTelephone(r *reader, at int) int {
	if !r.starts(at) || r.glued(at) && r.kind(at-1) == signToken && strings.Contains("-/.$€£#", r.at(at-1)) {
		return at
	}
	if n, ok := r.numeral(at); ok && n.grouped && n.end > at+3 { // 3.000.000 where full stops part groups
		return at
	}
	type part struct{ from, to int }
	var parts []part
	i, plus, area, total := at, false, false, 0
	mark := ""
	if r.at(i) == "+" {
		plus = true
		i++
		if !r.glued(i) {
			return at
		}
	}
	letters := 0
	for i < at+longestTelephone {
		from := i
		if r.at(i) == "(" && r.kind(i+1) == numberToken && r.isGlued(i+2, ")") && r.glued(i+1) && len(r.at(i+1)) <= 5 {
			area = true
			parts = append(parts, part{i, i + 3})
			total += len(r.at(i + 1))
			i += 3
		} else if r.kind(i) == numberToken {
			parts = append(parts, part{i, i + 1})
			total += len(r.at(i))
			i++
		} else if r.kind(i) == wordToken && len(parts) > 1 && mark == "-" && r.glued(i) && strings.ToUpper(r.at(i)) == r.at(i) {
			letters++
			parts = append(parts, part{i, i + 1})
			i++
		} else {
			i = from
			break
		}
		if r.kind(i) == noToken {
			break
		}
		// What is between this part and the next.
		next := r.at(i)
		switch {
		case r.glued(i) && (next == "-" || next == "." || next == "‑") && r.glued(i+1) && (mark == "" || mark == next || area && len(parts) <= 2 || plus):
			if k := r.kind(i + 1); k != numberToken && k != wordToken && r.at(i+1) != "(" {
				goto done
			}
			mark = next
			i++
		case !r.glued(i) && (r.kind(i) == numberToken && (plus || area || mark == "" && r.spaced(at)) || next == "(" && len(parts) < 2 && r.isTrunk(parts[0].from)):
		case r.glued(i) && (r.at(i-1) == ")" && r.kind(i) == numberToken || next == "(" && len(parts) < 2 && r.isTrunk(parts[0].from)):
		default:
			goto done
		}
	}
done:
	if len(parts) == 0 || !r.ends(i) {
		return at
	}
	first, second := r.at(parts[0].from), ""
	if len(parts) > 1 {
		second = r.at(parts[1].from)
	}
	switch {
	case total > 20, total < 5 && letters == 0:
		return at
	case plus && total >= 7:
	case area && len(parts) > 1 && total >= 7:
	case plus || area:
		return at
	case mark == "" && r.spaced(at):
		third := ""
		if len(parts) > 2 {
			third = r.at(parts[2].from)
		}
		national := first[0] == '0' && len(parts) > 1 && total >= 9 && total <= 13
		card := len(parts) == 4 && r.isCard(at)
		service := card || len(parts) == 3 && len(first) == 4 && len(second) == 3 && len(third) == 3 // 1300 555 019
		if !national && !service && !(len(parts) == 3 && len(second) == 3 && len(third) == 4) {
			return at
		}
	case letters > 0:
		if first != "1" || len(second) != 3 {
			return at
		}
	case mark == "" || mark == "." && total < 9:
		return at
	case len(parts) == 2:
		if len(first) != 3 || len(second) != 4 {
			return at
		}
	case len(parts) < 3, total < 7, mark == "." && len(parts) == 4 && !plus: // 123.123.0.40
		return at
	default:
		for _, p := range parts[1:] {
			if len(r.at(p.from)) < 2 && p != parts[len(parts)-1] {
				return at
			}
		}
	}
	i = at
	if plus {
		r.say(at, at+1, r.particle.plus)
	}
	for k, p := range parts {
		words := r.at(p.from)
		switch {
		case r.at(p.from) == "(":
			words = r.digitsOf(r.at(p.from + 1))
		case r.kind(p.from) == wordToken:
		case words == "800" || words == "900", plus && k == 0 && len(words) == 2 && r.wholeCountryCodes:
			words = r.cardinal(words, alone)
		default:
			words = r.digitsOf(words)
		}
		if k+1 < len(parts) && !(r.kind(p.from) == wordToken && r.kind(parts[k+1].from) == wordToken) {
			words += ","
		}
		end := p.to
		if k+1 < len(parts) {
			end = parts[k+1].from
		}
		r.say(p.from, end, words)
		i = p.to
	}
	return i
}
