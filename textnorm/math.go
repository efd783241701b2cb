package textnorm

// Signs of mathematics that are marks elsewhere.

// sayAbsolute is a rule for the bars around a term: |x|, |x - y|. Only the first is
// said.
func sayAbsolute(r *reader, at int) int {
	if r.at(at) != "|" || r.particle.absolute == "" {
		return at
	}
	if r.glued(at) && r.kind(at-1) != signToken || !r.glued(at+1) {
		// The second: a term is right before it, and the first not far.
		if !r.glued(at) {
			return at
		}
		for i := at - 1; i > at-longestTerm; i-- {
			if r.at(i) == "|" && r.glued(i+1) {
				r.skip(at, at+1)
				return at + 1
			}
		}
		return at
	}
	for i := at + 2; i < at+longestTerm; i++ {
		if r.at(i) == "|" && r.glued(i) {
			r.say(at, at+1, r.particle.absolute)
			return at + 1
		}
	}
	return at
}

// longestTerm is how many tokens between two bars rules look at.
const longestTerm = 12

// sayFactorial is a rule for the exclamation mark behind a number or a letter,
// before a sign of calculation or a bracket: 5! = 120.
func sayFactorial(r *reader, at int) int {
	if r.at(at) != "!" || !r.glued(at) || r.particle.factorial == "" || r.kind(at-1) != numberToken && (r.kind(at-1) != wordToken || len(r.at(at-1)) > 1) {
		return at
	}
	switch r.at(at + 1) {
	case "=", "+", "-", "−", "/", "×", "*", "·", "÷", ")", "≈":
		r.say(at, at+1, r.particle.factorial)
		return at + 1
	}
	return at
}
