package textnorm

import "strings"

// sayDialled is a rule for digits behind a word such as Tel., call or PIN: they
// are a number to dial or to type, said one by one.
func sayDialled(r *reader, at int) int {
	if !r.isCalled(at) {
		return at
	}
	end, digits := r.dialled(at)
	if digits < 3 || r.counts(end) || r.isMagnitude(end) {
		return at
	}
	if next := sayAnyTelephone(r, at); next > at {
		return next
	}
	r.sayDigits(at, end)
	return end
}

// sayAnyTelephone is a rule for telephone numbers in the forms of the language.
func sayAnyTelephone(r *reader, at int) int {
	for _, rule := range r.dials {
		if next := rule(r, at); next > at {
			return next
		}
	}
	return at
}

// sayDigits says groups of digits one by one, with pauses between.
func (r *reader) sayDigits(at, end int) {
	for i := at; i < end; {
		from := i
		words := r.digitsOf(r.at(i))
		for i++; i < end && r.kind(i) != numberToken; i++ {
		}
		if i < end {
			words += ","
		}
		r.say(from, i, words)
	}
}

// sayGroups is a rule for groups of digits with spaces between them that are too
// many, or of other lengths than a number's: 91 123 45 67.
func sayGroups(r *reader, at int) int {
	if !r.starts(at) || r.kind(at+1) != numberToken || r.kind(at+2) != numberToken || r.glued(at+1) || r.glued(at+2) || len(r.at(at)) < 2 {
		return at
	}
	i, digits, years := at, 0, true
	for ; i < at+longestTelephone && r.kind(i) == numberToken && (i == at || !r.glued(i)); i++ {
		if len(r.at(i)) < 2 || len(r.at(i)) > 4 {
			return at
		}
		digits += len(r.at(i))
		years = years && len(r.at(i)) == 4
	}
	if n, ok := r.numeral(at); ok && n.end >= i || years || i < at+3 || digits < 8 || digits > 15 || !r.ends(i) || r.counts(i) {
		return at
	}
	r.sayDigits(at, i)
	return i
}

// isCalled reports whether a word before a token says that what follows is
// dialled or typed.
func (r *reader) isCalled(at int) bool {
	for i := at - 1; i >= at-4 && i >= 0; i-- {
		w := strings.ToLower(r.at(i))
		switch {
		case r.calls[w]:
			return true
		case w != ":" && w != "." && !r.callWords[w]:
			return false
		}
	}
	return false
}

// dialled finds the end of groups of digits that may be one number to dial, and
// how many digits they are.
func (r *reader) dialled(at int) (end, digits int) {
	i := at
	for i < at+longestTelephone {
		switch {
		case r.kind(i) == numberToken && !(r.glued(i) && r.kind(i-1) == wordToken):
			digits += len(r.at(i))
			i++
			end = i
			continue
		case r.at(i) == "(" && r.kind(i-1) == numberToken, r.at(i) == ")" && r.kind(i-1) == numberToken,
			(r.at(i) == "/" || r.at(i) == "-" || r.at(i) == "–" || r.isGlued(i, ".") && r.glued(i+1)) && i > at && r.kind(i+1) == numberToken:
			i++
			continue
		}
		break
	}
	if end == 0 || !r.ends(end) || r.isDecimal(end) || r.isGlued(end, "%") || r.isGlued(end, ":") && r.glued(end+1) {
		return at, 0
	}
	if r.isGlued(end, ")") {
		end++
	}
	return end, digits
}

func (r *reader) isMagnitude(at int) bool {
	magnitude, _ := r.magnitudeAt(at)
	return magnitude.one != ""
}

// sayNumeroSign is a rule for n°, N.º and nº before a number.
func sayNumeroSign(r *reader, at int) int {
	i := at + 1
	if r.isGlued(i, ".") {
		i++
	}
	if w := r.at(i); r.particle.number == "" || !r.starts(at) || !r.glued(i) || w != "°" && w != "º" && w != "ᵒ" && w != "˚" {
		return at
	}
	end := i + 1
	if r.isGlued(end, ".") {
		end++
	}
	if r.kind(end) != numberToken && r.kind(end) != wordToken {
		return at
	}
	words := r.particle.number
	if r.tokens[at].title {
		words = capitalized(words)
	}
	r.say(at, end, words)
	return end
}
