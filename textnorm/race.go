package textnorm

// sayRaceTime is a rule for a length of time with parts of a second: 1:59.40,
// 2:03:38,5.
func sayRaceTime(r *reader, at int) int {
	parts := []string{r.at(at)}
	i := at + 1
	for len(parts) < 3 {
		next, ok := r.sexagesimal(i)
		if !ok {
			break
		}
		parts = append(parts, next)
		i += 2
	}
	mark := r.at(i)
	if len(parts) < 2 || !r.starts(at) || len(parts[0]) > 2 || mark != "." && mark != "," || !r.glued(i) || !r.glued(i+1) || r.kind(i+1) != numberToken || len(r.at(i+1)) > 3 || !r.ends(i+2) {
		return at
	}
	if mark == "," && (r.decimal != "," && len(r.at(i+1)) < 3 || r.isGlued(i+2, ":") || r.isGlued(i+2, ",") && r.glued(i+3) && r.kind(i+3) == numberToken) { // 12:30,12:45
		return at
	}
	units := []unit{r.units["h"], r.units["min"], r.units["s"]}[3-len(parts):]
	for k, part := range parts {
		from, to := at+2*k, at+2*k+2
		n := numeral{whole: part}
		if k == len(parts)-1 {
			n.point, n.decimals = true, r.at(i+1)
			to = i + 2
		}
		if k == len(parts)-1 {
			if u, end, ok := r.unitAt(to); ok && u.one == units[0].one { // 1:23,45 min
				to = end
			}
			i = to
		}
		r.say(from, to, r.counted(n, units[k]))
	}
	return i
}

// sayChrono is a rule for minutes and seconds by their marks, with parts of a
// second behind: 1'23"45.
func sayChrono(r *reader, at int) int {
	second := r.at(at + 2)
	if len(r.at(at)) > 2 || !r.starts(at) || !r.isGlued(at+1, "'") || !r.glued(at+2) || r.kind(at+2) != numberToken || len(second) != 2 || second > "59" || !r.isGlued(at+3, "\"") {
		return at
	}
	r.say(at, at+2, r.counted(numeral{whole: r.at(at)}, r.units["min"]))
	r.say(at+2, at+4, r.counted(numeral{whole: second}, r.units["s"]))
	if r.glued(at+4) && r.kind(at+4) == numberToken && r.ends(at+5) {
		r.say(at+4, at+5, r.cardinal(r.at(at+4), alone))
		return at + 5
	}
	return at + 4
}
