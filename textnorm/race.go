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
