package textnorm

import "strings"

// amount is an amount of money as written.
type amount struct {
	number    numeral
	magnitude string // million, as it is said; "" if none is written
	currency  currency
}

// sayMoney is a rule for a currency before its amount: $20.50, US$ 3 million,
// EUR 5, $20/mo.
func sayMoney(r *reader, at int) int {
	var a amount
	var ok bool
	i := at
	if r.kind(at) == wordToken && r.kind(at+1) == signToken && r.glued(at+1) {
		a.currency, ok = r.currencies[strings.ToLower(r.at(at))+r.at(at+1)]
		i = at + 2
	}
	if !ok {
		a.currency, ok = r.currencies[strings.ToLower(r.at(at))]
		i = at + 1
	}
	if !ok || r.kind(at) == wordToken && !r.starts(at) || r.glued(at) && r.kind(at-1) == signToken && r.isSame(at-1, at) {
		return at
	}
	if r.kind(at) == wordToken && i == at+1 {
		if len(r.at(at)) > 2 && !r.tokens[at].caps && !r.looseCodes { // try 5
			return at
		}
		if r.isGlued(i, ".") { // Rs. 5
			i++
		}
	}
	if a.number, ok = r.numeral(i); !ok {
		return at
	}
	i = a.number.end
	a.magnitude, i = r.magnitudeAt(i)
	if r.kind(i) == wordToken && r.glued(i) && !r.starts(i) {
		return at
	}
	r.say(at, i, r.money(a))
	return r.sayPer(i)
}

// isSame reports whether two tokens have the same text.
func (r *reader) isSame(a, b int) bool { return r.at(a) == r.at(b) }

// sayMoneyBehind is a rule for an amount before its currency: 5€, 3 million
// USD, 10 $.
func sayMoneyBehind(r *reader, at int) int {
	var a amount
	var ok bool
	if a.number, ok = r.numeral(at); !ok || !r.starts(at) {
		return at
	}
	i := a.number.end
	a.magnitude, i = r.magnitudeAt(i)
	if r.kind(i) == signToken && r.tokens[i].space && !r.dayFirst { // 5 $6
		return at
	}
	code := strings.ToLower(r.at(i))
	if r.kind(i) == wordToken && r.glued(i+1) && r.kind(i+1) == signToken {
		if a.currency, ok = r.currencies[code+r.at(i+1)]; ok {
			r.say(at, i+2, r.money(a))
			return i + 2
		}
	}
	if r.kind(i) == wordToken && !r.tokens[i].caps && len(code) > 2 && !r.looseCodes || code == "" || r.glued(i+1) && !r.ends(i+1) {
		return at
	}
	if a.currency, ok = r.currencies[code]; !ok || r.kind(i+1) == numberToken && r.glued(i+1) {
		return at
	}
	r.say(at, i+1, r.money(a))
	return i + 1
}

// magnitudeAt reads what may follow a number before what it counts: million, or
// a short form of it such as b, M or bn. "" if there is none.
func (r *reader) magnitudeAt(at int) (string, int) {
	if r.kind(at) != wordToken {
		return "", at
	}
	words, ok := r.magnitudes[strings.ToLower(r.at(at))]
	if !ok {
		return "", at
	}
	end := at + 1
	if len(r.at(at)) <= 3 && r.isGlued(end, ".") && r.kind(end+1) != noToken && !r.sentenceEnds(end) {
		end++
	}
	return words, end
}

// sayPer says what an amount is for: /mo, /kg.
func (r *reader) sayPer(at int) int {
	if !r.isGlued(at, "/") || !r.glued(at+1) || r.kind(at+1) != wordToken || !r.ends(at+2) {
		return at
	}
	w := r.at(at + 1)
	u, ok := r.unitNamed(w)
	if !ok {
		if u.one = w; len(w) < 3 { // $3/day
			return at
		}
	}
	r.say(at, at+2, r.particle.per+" "+u.one)
	return at + 2
}

// parts are the whole and the small coins of an amount: dollars and cents. ok
// is false when it is no such amount: $2.505 or $2.5 million. Digits behind the
// second that are zero do not count.
func (a amount) parts() (whole, sub string, ok bool) {
	n := a.number
	d := n.decimals
	for len(d) > 2 && d[len(d)-1] == '0' {
		d = d[:len(d)-1]
	}
	if a.magnitude != "" || len(d) > 2 || n.point && a.currency.sub.one == "" {
		return "", "", false
	}
	if len(d) == 1 {
		d += "0"
	}
	return strings.TrimLeft(n.whole, "0"), strings.TrimLeft(d, "0"), true
}

// moneyWords says an amount as most languages do: the number, the magnitude,
// the currency, then the small coins, joined by and.
func (l *language) moneyWords(a amount, and string) string {
	whole, sub, ok := a.parts()
	if !ok {
		n := a.number
		if a.magnitude == "" {
			return l.numberWords(n, a.currency.gender) + " " + a.currency.many
		}
		words := l.numberWords(n, alone) + " " + a.magnitude
		if l.particle.of != "" {
			words += " " + l.particle.of
		}
		return words + " " + a.currency.many
	}
	var words []string
	if whole != "" || sub == "" {
		n := numeral{whole: whole}
		if whole == "" {
			n.whole = "0"
		}
		words = append(words, l.cardinal(n.whole, a.currency.gender), a.currency.of(n))
	}
	if sub != "" {
		if len(words) > 0 && and != "" {
			words = append(words, and)
		}
		n := numeral{whole: sub}
		words = append(words, l.cardinal(sub, a.currency.sub.gender), a.currency.sub.of(n))
	}
	return strings.Join(words, " ")
}
