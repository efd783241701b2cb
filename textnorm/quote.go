package textnorm

// farthestQuote is how many tokens away the other end of a quotation is looked for.
const farthestQuote = 48

// closesQuote reports whether a straight double quote behind a number ends a quotation
// that began before, so that it is no sign of inches: He said "I am 5". Where another
// one that is not behind a number ends it, this is of inches: "a 6" ruler".
func (r *reader) closesQuote(at int) bool {
	before := at - 1
	for before >= 0 && before >= at-farthestQuote && r.at(before) != "\"" {
		before--
	}
	if r.at(before) != "\"" || !r.opensQuote(before) {
		return false
	}
	for i := at + 1; i < len(r.tokens) && i < at+farthestQuote; i++ {
		if r.at(i) == "\"" && r.kind(i-1) != numberToken {
			return r.opensQuote(i)
		}
	}
	return true
}

// opensQuote reports whether a straight quote begins a quotation.
func (r *reader) opensQuote(at int) bool {
	return r.glued(at+1) && r.starts(at) && (!r.glued(at) || r.at(at-1) == "(" || r.at(at-1) == "=")
}
