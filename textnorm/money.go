package textnorm

import (
	"strings"
	"unicode/utf8"
)

// amount is an amount of money as written.
type amount struct {
	number    numeral
	magnitude unit // million; none if none is written
	currency  currency
	adjective bool // before a noun: a $5 bill
	whole     bool // of two amounts the second
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
	if r.isGlued(at+1, "-") && r.glued(at+2) && r.kind(at+2) == signToken { // US-$
		a.currency, ok = r.currencies[strings.ToLower(r.at(at))+r.at(at+2)]
		i = at + 3
	}
	if !ok {
		a.currency, ok = r.currencies[strings.ToLower(r.at(at))]
		i = at + 1
	}
	if !ok || r.kind(at) == wordToken && !r.starts(at) || r.glued(at) && r.kind(at-1) == signToken && r.isSame(at-1, at) {
		return at
	}
	if r.kind(at) == wordToken && i == at+1 {
		if len(r.at(at)) > 2 && !r.tokens[at].caps && (!r.looseCodes || r.notCodes[strings.ToLower(r.at(at))]) { // try 5
			return at
		}
		if r.isGlued(i, ".") { // Rs. 5
			i++
		}
	}
	minus := ""
	if s := r.at(i); (s == "-" || s == "−") && i == at+1 && r.glued(i) && r.glued(i+1) && r.kind(i+1) == numberToken { // $-5
		minus = r.particle.minus + " "
		i++
	}
	if a.number, ok = r.quantity(i); !ok {
		return at
	}
	i = a.number.end
	if end := r.sayAmounts(at, i, a); end > at {
		return end
	}
	if next, _ := r.magnitudeAt(i + 1); r.isGlued(i, "-") && r.glued(i+1) && next.one != "" && len(r.at(i+1)) > 3 { // $1.2-million
		i++
	}
	a.magnitude, i = r.magnitudeAt(i)
	if r.kind(i) == wordToken && r.glued(i) && !r.starts(i) {
		return at
	}
	if code, ok := r.currencies[strings.ToLower(r.at(i))]; ok && r.at(at) == "$" && r.kind(i) == wordToken && r.tokens[i].caps && !r.glued(i) && len(r.at(i)) == 3 { // $5 USD
		a.currency = code
		i++
	}
	a.adjective = r.isAdjective(at, i)
	r.say(at, i, minus+r.money(a))
	return r.sayPer(i)
}

// sayAmounts says two amounts of which only the first has the currency's sign
// and only the last a magnitude: $5-10 million. a is the first.
func (r *reader) sayAmounts(from, dash int, a amount) int {
	if !r.isDash(dash) || !r.glued(dash) || !r.glued(dash+1) {
		return from
	}
	last := a
	var ok bool
	if last.number, ok = r.quantity(dash + 1); !ok {
		return from
	}
	end := last.number.end
	last.magnitude, end = r.magnitudeAt(end)
	if !r.ends(end) || r.isDash(end) && r.glued(end) {
		return from
	}
	last.adjective = r.isAdjective(from, end)
	last.whole = true
	r.say(from, dash, r.numberWords(a.number, a.currency.gender))
	r.say(dash, dash+1, r.particle.to)
	r.say(dash+1, end, r.money(last))
	return r.sayPer(end)
}

// sayMoneyOf is a rule for the sign of a currency behind what is counted of it: 2
// millones de €, 3 millions d'€.
func sayMoneyOf(r *reader, at int) int {
	of := r.at(at - 1)
	if r.particle.of == "" || of != r.particle.of && !strings.HasSuffix(of, "'") && of != "di" || r.kind(at+1) == numberToken || !r.ends(at+1) {
		return at
	}
	money, ok := r.currencies[r.at(at)]
	if !ok {
		return at
	}
	r.say(at, at+1, money.many)
	return at + 1
}

// isSame reports whether two tokens have the same text.
func (r *reader) isSame(a, b int) bool { return r.at(a) == r.at(b) }

// sayMoneyBehind is a rule for an amount before its currency: 5€, 3 million
// USD, 10 $.
func sayMoneyBehind(r *reader, at int) int {
	var a amount
	var ok bool
	if a.number, ok = r.quantity(at); !ok || !r.starts(at) {
		return at
	}
	i := a.number.end
	a.magnitude, i = r.magnitudeAt(i)
	if r.kind(i) == signToken && r.tokens[i].space && r.glued(i+1) && r.kind(i+1) == numberToken { // 5 $6
		return at
	}
	code := strings.ToLower(r.at(i))
	if end := r.coinsBehind(at, i, a); end > at {
		return end
	}
	if r.kind(i) == wordToken && r.glued(i+1) && r.kind(i+1) == signToken {
		if a.currency, ok = r.currencies[code+r.at(i+1)]; ok {
			r.say(at, i+2, r.money(a))
			return i + 2
		}
		if a.currency, ok = r.currencies[code+r.at(i+2)]; ok && r.at(i+1) == "-" && r.glued(i+2) && r.kind(i+2) == signToken { // 5 US-$
			r.say(at, i+3, r.money(a))
			return i + 3
		}
		if short, ok := r.short[r.at(i)]; ok && a.magnitude.one == "" { // 2 M€
			if a.currency, ok = r.currencies[r.at(i+1)]; ok && (r.ends(i+2) || r.isGlued(i+2, "/")) { // 2 M€/an
				a.magnitude = short
				r.say(at, i+2, r.money(a))
				return r.sayPer(i + 2)
			}
		}
	}
	each := r.isGlued(i+1, "/") && r.glued(i+2) && r.kind(i+2) == wordToken                                                                                                                                                    // 3 €/kg
	if r.kind(i) == wordToken && !r.tokens[i].caps && utf8.RuneCountInString(code) > 2 && (!r.looseCodes || r.notCodes[code]) || code == "" || r.glued(i+1) && !r.ends(i+1) && !each && !(r.at(i+1) == "*" && !r.glued(i+2)) { // 5€*
		return at
	}
	if code == "rs" && r.glued(i) { // the 3Rs
		return at
	}
	if _, isUnit := r.units[r.at(i)]; isUnit && r.at(i) == code && r.kind(i) == wordToken { // 5 dm, 5 ft
		return at
	}
	if a.currency, ok = r.currencies[code]; !ok || r.kind(i+1) == numberToken && r.glued(i+1) || r.notUnits[r.at(i)] && !r.glued(i) {
		return at
	}
	if r.kind(i) == wordToken && len(code) < 3 && r.isGlued(i+1, ".") && r.goesOnBehind(i+2) {
		r.say(at, i+2, r.money(a))
		return i + 2
	}
	r.say(at, i+1, r.money(a))
	return r.sayPer(i + 1)
}

// coinsBehind says an amount whose currency's sign stands between its two parts, 12€50,
// or has the country's letters behind it: 5 $US, 30 $ CA. It returns from if it is none.
func (r *reader) coinsBehind(from, sign int, a amount) int {
	var ok bool
	if r.kind(sign) != signToken || a.magnitude.one != "" {
		return from
	}
	if a.currency, ok = r.currencies[r.at(sign)]; !ok {
		return from
	}
	next := r.at(sign + 1)
	switch {
	case r.kind(sign+1) == numberToken && r.glued(sign) && r.glued(sign+1) && len(next) == 2 && !a.number.point && r.ends(sign+2) && !r.isGlued(sign+2, "."):
		a.number.point, a.number.decimals = true, next
	case r.kind(sign+1) == wordToken && r.tokens[sign+1].caps && len(next) < 4:
		if a.currency, ok = r.currencies[strings.ToLower(next)+r.at(sign)]; !ok || !r.ends(sign+2) {
			return from
		}
	default:
		return from
	}
	r.say(from, sign+2, r.money(a))
	return sign + 2
}

// currencyLetters are the letters at the beginning of a currency's short form.
func currencyLetters(key string) string {
	letters := strings.TrimRight(key, "$¥€£./")
	if letters == "" || letters[0] < 'a' || letters[0] > 'z' {
		return ""
	}
	return letters
}

// magnitudeAt reads what may follow a number before what it counts: million, or
// a short form of it such as b, M or bn.
func (r *reader) magnitudeAt(at int) (unit, int) {
	if r.kind(at) != wordToken {
		return unit{}, at
	}
	words, ok := r.magnitudes[strings.ToLower(r.at(at))]
	if !ok && r.glued(at) {
		words, ok = r.short[r.at(at)]
	}
	if !ok {
		return unit{}, at
	}
	if w := strings.ToLower(r.at(at)); w == words.one || w == words.many { // as it is written
		words.one, words.many = w, w
	}
	end := at + 1
	if len(r.at(at)) <= 4 && r.isGlued(end, ".") && r.kind(end+1) != noToken && !r.sentenceEnds(end) {
		end++
	}
	return words, end
}

// sayPer says what an amount is for: /mo, /kg.
func (r *reader) sayPer(at int) int {
	if !r.isGlued(at, "/") || !r.glued(at+1) || r.kind(at+1) != wordToken {
		return at
	}
	if u, end, ok := r.unitAt(at + 1); ok && end > at+2 { // €/m²
		r.say(at, end, r.particle.per+" "+u.one)
		return end
	}
	if !r.ends(at + 2) {
		return at
	}
	w := r.at(at + 1)
	u, ok := r.unitNamed(w)
	if !ok {
		if u.one = w; len(w) < 3 && w != "an" { // $3/day, 2 €/an
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
	if a.magnitude.one != "" || a.whole && n.point || len(d) > 2 || n.point && a.currency.sub.one == "" {
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
	many := a.currency.many
	if a.adjective {
		many = a.currency.one
		a.currency.many = many
	}
	whole, sub, ok := a.parts()
	if !ok {
		n := a.number
		for len(n.decimals) > 2 && n.decimals[len(n.decimals)-1] == '0' {
			n.decimals = n.decimals[:len(n.decimals)-1]
		}
		if a.magnitude.one == "" {
			return l.numberWords(n, a.currency.gender) + " " + many
		}
		return l.counted(n, a.magnitude) + " " + l.ofWhat(many, a.magnitude)
	}
	var words []string
	if whole != "" || sub == "" {
		n := numeral{whole: whole}
		if whole == "" {
			n.whole = "0"
		}
		name := l.form(a.currency.unit, n)
		if n.isRoundMillion() {
			name = l.ofWhat(name, unit{})
		}
		words = append(words, l.cardinal(n.whole, a.currency.gender), name)
	}
	if sub != "" {
		if len(words) > 0 && and != "" {
			words = append(words, and)
		}
		n := numeral{whole: sub}
		words = append(words, l.cardinal(sub, a.currency.sub.gender), l.form(a.currency.sub, n))
	}
	return strings.Join(words, " ")
}

// counted is a number of what a unit names, the number in the unit's gender.
func (l *language) counted(n numeral, u unit) string {
	return l.numberWords(n, u.gender) + " " + l.form(u, n)
}

// isRoundMillion reports whether a number is said with millions or more at its
// end, which are nouns: un millón de euros.
func (n numeral) isRoundMillion() bool {
	return !n.point && len(n.whole) > 6 && strings.HasSuffix(n.whole, "000000")
}

// ofMillions is what stands between a round number of millions and the noun behind
// it, if it stands alone: un millón de personas.
func (l *language) ofMillions(n numeral) string {
	if !n.isRoundMillion() || l.elides {
		return ""
	}
	return l.particle.of
}

// ofWhat is what a magnitude counts, behind it: millones de euros, mil euros,
// millions d'euros.
func (l *language) ofWhat(noun string, magnitude unit) string {
	if l.particle.of == "" || magnitude.one == l.thousand {
		return noun
	}
	if short, ok := strings.CutSuffix(l.particle.of, "e"); ok && l.elides && strings.ContainsRune("aeiouhéèêâœ", []rune(noun)[0]) {
		return short + "'" + noun
	}
	return l.particle.of + " " + noun
}

// isAdjective reports whether the quantity of tokens from to (excluded) stands
// before a noun of which it is a property, so that its own noun is in the
// singular: a $5 bill.
func (r *reader) isAdjective(from, to int) bool {
	if r.isGlued(to, "-") && r.glued(to+1) && r.determiners != nil && r.kind(to+1) == wordToken { // $100m-a-year
		return true
	}
	return r.determiners[strings.ToLower(r.at(from-1))] && !r.glued(from) && r.kind(to) == wordToken && !r.glued(to) &&
		!r.tokens[to].title && !r.counts(to) && !r.function[r.at(to)]
}
