package textnorm

import "strings"

// oneBehind are words behind which a unit without a number is one: per m², au m².
var oneBehind = set("per pro par por au le al el il o a the one each je")

// sayRaisedLength is a rule for areas and volumes without a number behind a word:
// per m², in cm³. By itself, and in formulas, m² is the square of m.
func sayRaisedLength(r *reader, at int) int {
	if r.kind(at-1) != wordToken || r.glued(at) || !r.isGlued(at+1, "²") && !r.isGlued(at+1, "³") || !r.ends(at+2) {
		return at
	}
	u, end, ok := r.unitAt(at)
	if !ok || end != at+2 {
		return at
	}
	if oneBehind[strings.ToLower(r.at(at-1))] {
		r.say(at, end, u.one)
	} else {
		r.say(at, end, u.many)
	}
	return end
}
