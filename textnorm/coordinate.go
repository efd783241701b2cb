package textnorm

// sayCoordinate is a rule for degrees with their minutes or their direction:
// 52°31′12″N, 40.7128° N.
func sayCoordinate(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !r.starts(at) || r.compass == nil || !r.isGlued(n.end, "°") && !r.isGlued(n.end, "º") {
		return at
	}
	type part struct {
		from int
		n    numeral
		unit unit
	}
	parts := []part{{at, n, r.units["°"]}}
	i := n.end + 1
	for _, p := range []struct{ marks, symbol string }{{"′'’", "min"}, {"″\"”", "s"}} {
		next, ok := r.numeral(i)
		if !ok || !r.glued(next.end) || r.kind(next.end) != signToken || !containsToken(p.marks, r.at(next.end)) {
			break
		}
		parts = append(parts, part{i, next, r.units[p.symbol]})
		i = next.end + 1
		if p.symbol == "s" && r.isGlued(i, "'") {
			i++
		}
	}
	direction := r.compass[r.at(i)]
	if direction == "" || !r.ends(i+1) || r.kind(i+1) == wordToken && r.glued(i) == r.glued(i+1) && r.glued(i) {
		if direction = ""; len(parts) == 1 {
			return at
		}
	}
	for k, p := range parts {
		end := i
		if k+1 < len(parts) {
			end = parts[k+1].from
		}
		r.say(p.from, end, r.counted(p.n, p.unit))
	}
	if direction == "" {
		return i
	}
	r.say(i, i+1, direction)
	return i + 1
}

func containsToken(marks, token string) bool {
	for _, c := range marks {
		if string(c) == token {
			return true
		}
	}
	return false
}
