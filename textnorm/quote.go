package textnorm

// farthestQuote is how many tokens away the beginning of a quotation is looked for.
const farthestQuote = 48

// closesQuote reports whether a straight double quote behind a number ends a quotation
// that began before, so that it is no sign of inches: He said "I am 5".
func (r *reader) closesQuote(at int) bool {
	for i := at - 1; i >= 0 && i >= at-farthestQuote; i-- {
		if r.at(i) == "\"" {
			return r.starts(i) && r.glued(i+1) && (!r.glued(i) || r.at(i-1) == "(" || r.at(i-1) == "=")
		}
	}
	return false
}
