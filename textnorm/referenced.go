package textnorm

import "strings"

// numbered are words, and short forms of them, of several languages before the number of
// a document, of a case or of a thing, in which a slash or a hyphen means nothing.
var numbered = set(`number nummer numéro número numero invoice rechnung rechnungsnummer facture factura fattura fatura ref réf ref az aktenzeichen order bestellung
	commande pedido ordine case docket ticket zr str azr bvr bvl zb
	size größe konfektionsgröße taille pointure talla taglia tamanho`)

// shortNumbered are those that are words, too, unless a mark is behind them: no. 5, n° 5.
var shortNumbered = set("n no nr núm num rg fact")

// isReference reports whether what is before a token says that the number there is a name.
func (r *reader) isReference(at int) bool {
	i, marks := at-1, 0
	for ; marks < 3 && r.kind(i) == signToken; i-- {
		if w := r.at(i); w == "#" || w == "№" {
			return true
		} else if w != "." && w != "º" && w != "°" && w != ":" && w != "˚" {
			return false
		}
		marks++
	}
	w := strings.ToLower(r.at(i))
	return r.kind(i) == wordToken && (numbered[w] || shortNumbered[w] && marks > 0)
}

// sayReferenceNumber is a rule for the number of a document or a case whose parts a slash or a
// hyphen joins: Nr. 2020/0815, n° 19-12.345, factura n.º 45/20. What may be two numbers
// of one kind, as in Nr. 5–7, is a range.
func sayReferenceNumber(r *reader, at int) int {
	mark := r.at(at + 1)
	if mark != "/" && mark != "-" || !r.starts(at) || !r.glued(at+1) || !r.glued(at+2) || r.kind(at+2) != numberToken || !r.isReference(at) {
		return at
	}
	a, b := r.at(at), r.at(at+2)
	if mark == "/" && len(a) == 1 && len(b) == 1 && r.kind(at-1) != signToken { // in case 1/2 is left
		return at
	}
	if mark == "-" && len(a) <= 3 && len(b) <= 3 && atoi(a) < atoi(b) {
		return at
	}
	const most = 4 // parts
	type part struct {
		from, to int // its tokens
		digits   string
	}
	parts := []part{{at, at + 1, a}}
	end := at + 1
	for len(parts) < most && (r.isGlued(end, "/") || r.isGlued(end, "-")) && r.glued(end+1) && r.kind(end+1) == numberToken {
		next := part{end + 1, end + 2, r.at(end + 1)}
		if group := r.at(end + 3); r.isGlued(end+2, ".") && r.glued(end+3) && r.kind(end+3) == numberToken && len(group) == 3 { // 19-12.345
			next.to, next.digits = end+4, next.digits+group
		}
		parts = append(parts, next)
		end = next.to
	}
	if !r.ends(end) || r.isGlued(end, ".") && r.glued(end+1) && r.kind(end+1) == numberToken {
		return at
	}
	for i, p := range parts {
		if i > 0 {
			words := r.particle.dash
			if r.at(p.from-1) == "/" {
				words = r.signs['/']
			}
			r.sayOrKeep(p.from-1, p.from, words)
		}
		r.say(p.from, p.to, r.plainNumber(p.from, numeral{whole: p.digits, end: p.to}))
	}
	return end
}
