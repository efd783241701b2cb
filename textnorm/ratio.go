package textnorm

// sayRatio is a rule for the colon between two numbers that are no time of day:
// 2:1, 16:9, 1:100. What is before it has been read.
func sayRatio(r *reader, at int) int {
	if r.at(at) != ":" || !r.glued(at) || !r.glued(at+1) || r.kind(at-1) != numberToken || r.kind(at+1) != numberToken || r.last != saidReading || !r.starts(r.lastFrom) {
		return at
	}
	if n, ok := r.numeral(at + 1); !ok || !r.ends(n.end) {
		return at
	}
	r.say(at, at+1, r.particle.ratio)
	return at + 1
}

// sayAbout is a rule for the tilde before a number: ~20.
func sayAbout(r *reader, at int) int {
	if w := r.at(at); w != "~" && w != "≈" && w != "∼" || !r.starts(at) || r.glued(at) && r.kind(at-1) == signToken && r.isSame(at-1, at) {
		return at
	}
	next := at + 1
	if _, isMoney := r.currencies[r.at(next)]; isMoney {
		next++
	}
	if r.kind(next) != numberToken || !r.glued(at+1) {
		return at
	}
	r.say(at, at+1, r.particle.around)
	return at + 1
}

// sayTimes is a rule for the asterisk or the cross between numbers: 2 * 3, 4x3.
func sayTimes(r *reader, at int) int {
	switch r.at(at) {
	case "*", "·", "⋅":
	default:
		return at
	}
	if r.kind(at-1) != numberToken || r.kind(at+1) != numberToken || r.glued(at) != r.glued(at+1) {
		return at
	}
	r.say(at, at+1, r.particle.times)
	return at + 1
}
