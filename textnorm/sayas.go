package textnorm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SayAs are the attributes of a say-as element.
type SayAs struct {
	// InterpretAs is cardinal, ordinal, characters, verbatim, spell-out,
	// fraction, expletive, bleep, unit, currency, telephone, date, time or
	// duration.
	InterpretAs string
	Format      string
	Detail      string
	// ZeroAsZero says zeros of telephone numbers as zero, in languages that
	// otherwise say them like the letter O (google:style="zero-as-zero").
	ZeroAsZero bool
}

// SayAs reads content as the attributes ask. ok is false when it does not fit
// them; the content is best read plainly then. Expletives have no words: the
// caller makes the sound in their place.
func (n *Normalizer) SayAs(content string, as SayAs) (s Spoken, ok bool) {
	clean := Clean(content)
	r := &reader{language: n.language, text: clean.Text, clean: clean, tokens: tokenize(nil, clean.Text, nil)}
	if as.InterpretAs == "expletive" || as.InterpretAs == "bleep" {
		return Spoken{}, true
	}
	if len(r.tokens) == 0 || n.language.numerals == nil && as.InterpretAs != "characters" && as.InterpretAs != "verbatim" && as.InterpretAs != "spell-out" {
		return Spoken{}, false
	}
	switch as.InterpretAs {
	case "characters", "verbatim", "spell-out":
		r.sayCharacters()
		ok = len(r.words) > 0
	case "cardinal":
		ok = r.sayWholeNumber(false)
	case "ordinal":
		ok = r.sayWholeNumber(true)
	case "fraction":
		ok = r.sayFractionAs()
	case "unit":
		ok = r.sayUnitAs()
	case "currency":
		ok = r.covered(sayMoney) || r.covered(sayMoneyBehind)
	case "telephone":
		ok = r.sayTelephoneAs(as.ZeroAsZero)
	case "date":
		ok = r.sayDateAs(as)
	case "time":
		ok = r.sayTimeAs(as)
	case "duration":
		ok = r.sayDurationAs(as.Format)
	}
	if !ok {
		return Spoken{}, false
	}
	if clean.Text != content {
		r.dropped = mergeDropped(r.dropped, droppedIn(content), nil)
	}
	r.flush()
	return Spoken{Text: string(r.out), Words: r.words, Dropped: r.dropped, length: len(content)}, true
}

// covered tries a rule that must read all tokens.
func (r *reader) covered(rule rule) bool {
	minus := r.isMinus(0)
	start := 0
	if minus {
		r.say(0, 1, r.particle.minus)
		start = 1
	}
	if start < len(r.tokens) && (minus || r.kind(start) != noToken) && rule(r, start) == len(r.tokens) {
		return true
	}
	r.out, r.words, r.last, r.pending = r.out[:0], r.words[:0], saidNothing, Span{}
	return false
}

func (r *reader) sayAll(words string) bool {
	if words == "" {
		return false
	}
	r.say(0, len(r.tokens), words)
	return true
}

// sayWholeNumber says digits, grouped or not, or a Roman numeral.
func (r *reader) sayWholeNumber(ordinal bool) bool {
	at := 0
	words := ""
	switch r.at(0) {
	case "-", "−":
		words, at = r.particle.minus+" ", 1
	case "+":
		words, at = r.particle.plus+" ", 1
	}
	n, ok := r.numeral(at)
	if !ok {
		value := roman(strings.ToUpper(r.at(at)))
		if value == 0 || at+1 != len(r.tokens) {
			return false
		}
		n = numeral{whole: itoa(value), end: at + 1}
	}
	end := n.end
	if ordinal {
		if n.point {
			return false
		}
		if end == len(r.tokens)-1 {
			if _, ok := r.ordinalSuffix(end - 1); ok || r.at(end) == "." || r.at(end) == "º" || r.at(end) == "ª" {
				end++
			}
		}
		words += r.ordinal(n.whole, alone)
	} else {
		words += r.numberWords(n, alone)
	}
	return end == len(r.tokens) && r.sayAll(words)
}

// sayFractionAs says 5+1/2, 5 1/2, 1/2, ½.
func (r *reader) sayFractionAs() bool {
	at, words := 0, ""
	if f, end := r.fractionAt(0); end == len(r.tokens) {
		return r.sayAll(f)
	}
	n, ok := r.numeral(0)
	if !ok || n.point {
		return false
	}
	at = n.end
	if r.at(at) == "+" {
		at++
	}
	words, end := r.fractionAt(at)
	if end != len(r.tokens) {
		return false
	}
	return r.sayAll(r.cardinal(n.whole, alone) + " " + r.particle.and + " " + r.lessOne(words))
}

// lessOne is a fraction behind a whole number: five and a half, not one half.
func (r *reader) lessOne(words string) string {
	if r.particle.aHalf != "" && words == r.fraction("1", "2") {
		return r.particle.aHalf
	}
	return words
}

// sayUnitAs says a number and a unit that agrees with it: 10 foot is ten feet.
func (r *reader) sayUnitAs() bool {
	at := 0
	if r.isMinus(0) {
		at = 1
	}
	n, ok := r.numeral(at)
	if !ok || n.end == len(r.tokens) {
		return false
	}
	u, end, ok := r.unitAt(n.end)
	if !ok || end != len(r.tokens) {
		if r.kind(n.end) != wordToken || r.unitByName == nil || n.end+1 != len(r.tokens) {
			return false
		}
		if u, ok = r.unitByName(r.at(n.end)); !ok {
			return false
		}
	}
	if at == 1 {
		r.say(0, 1, r.particle.minus)
	}
	r.say(at, n.end, r.numberWords(n, u.gender))
	r.say(n.end, len(r.tokens), r.form(u, n))
	return true
}

// sayCharacters says every character by its name.
func (r *reader) sayCharacters() {
	for i := range r.tokens {
		t := r.tokens[i]
		if t.kind == signToken {
			if r.characters == nil {
				r.keep(i)
				continue
			}
			c, _ := utf8.DecodeRuneInString(r.at(i))
			if name := r.characters[c]; name != "" {
				r.say(i, i+1, name)
				continue
			}
			if next := sayName(r, i); next == i {
				saySign(r, i)
				if r.flush(); r.last != saidReading && len(r.out) > 0 {
					r.last = saidReading // the next character stays apart
				}
			}
			continue
		}
		for at := t.Start; at < t.End; {
			c, size := utf8.DecodeRuneInString(r.text[at:])
			end := at + size
			for end < t.End {
				next, size := utf8.DecodeRuneInString(r.text[end:])
				if !unicode.IsMark(next) {
					break
				}
				end += size
			}
			words := strings.ToUpper(r.text[at:end])
			if c == 'ß' {
				words = "ß"
			}
			switch {
			case isApostrophe(c) && r.characters['\''] != "":
				words = r.characters['\'']
			case t.kind == numberToken && r.numerals != nil:
				words = r.particle.digit[c-'0']
				if c == '0' && r.particle.oh != "" {
					words = r.particle.oh
				}
			}
			r.saySpan(true, r.source(Span{at, end}), words)
			at = end
		}
	}
}

// sayTelephoneAs says digits one by one, letters as written, a pause between
// the groups.
func (r *reader) sayTelephoneAs(zero bool) bool {
	digits := 0
	for i := range r.tokens {
		words := ""
		switch w := r.at(i); {
		case r.kind(i) == numberToken:
			words = r.digitsOf(w)
			if !zero && r.particle.oh != "" {
				words = strings.ReplaceAll(words, r.particle.digit[0], r.particle.oh)
			}
			digits += len(w)
		case r.kind(i) == wordToken:
			words = strings.ToUpper(w)
			if lower := strings.ToLower(w); lower == "ext" || lower == "x" {
				words = "extension"
			}
		case w == "+":
			words = r.particle.plus
		case w == "#", w == "*":
			words = r.addressMark(w)
		case strings.Contains("()-./‑–", w):
			if i+1 < len(r.tokens) && r.last == saidReading {
				r.out = append(r.out, ',')
				r.last = saidMark
			}
			continue
		default:
			return false
		}
		if i > 0 && r.last == saidReading && r.tokens[i].space && r.kind(i-1) == numberToken {
			r.out = append(r.out, ',')
			r.last = saidMark
		}
		r.saySpan(true, r.source(r.tokens[i].Span), words)
	}
	return digits > 0
}
