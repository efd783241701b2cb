package textnorm

// lengthsOfTime are units of time from long to short, by symbol. An m is a
// minute beside hours or seconds only.
var lengthsOfTime = map[string]struct {
	rank int
	unit string // its symbol in the tables of units
}{
	"d": {4, "d"}, "h": {3, "h"}, "hr": {3, "h"}, "hrs": {3, "h"}, "Std": {3, "h"},
	"m": {2, "min"}, "min": {2, "min"}, "mins": {2, "min"}, "Min": {2, "min"}, "mn": {2, "min"},
	"s": {1, "s"}, "sec": {1, "s"}, "secs": {1, "s"}, "sek": {1, "s"}, "Sek": {1, "s"}, "seg": {1, "s"}, "ms": {0, "ms"},
}

// sayDuration is a rule for a length of time in two units or more, long ones
// first: 2h 30m, 1h30m15s, 5 min 30 s, 2h30.
func sayDuration(r *reader, at int) int {
	if !r.starts(at) {
		return at
	}
	type part struct {
		from int
		unit unit
	}
	var parts []part
	rank, i := 5, at
	for len(parts) < 5 && r.kind(i) == numberToken && len(r.at(i)) <= 4 && r.kind(i+1) == wordToken {
		symbol, ok := lengthsOfTime[r.at(i+1)]
		u, known := r.units[symbol.unit]
		if !ok || !known || symbol.rank >= rank {
			break
		}
		parts = append(parts, part{i, u})
		rank = symbol.rank
		i += 2
		if r.isGlued(i, ".") && r.kind(i+1) == numberToken {
			i++
		}
	}
	if len(parts) == 1 && rank == 3 && r.glued(i) && r.kind(i) == numberToken && len(r.at(i)) == 2 && r.at(i) < "60" && r.durationHours {
		parts = append(parts, part{i, r.units["min"]}) // 2h30
		i++
	}
	if len(parts) < 2 || !r.ends(i) {
		return at
	}
	for k, p := range parts {
		end := i
		if k+1 < len(parts) {
			end = parts[k+1].from
		}
		words := r.cardinal(r.at(p.from), p.unit.gender) + " " + r.form(p.unit, numeral{whole: r.at(p.from)})
		if k > 0 && k+1 == len(parts) && r.durationAnd {
			words = r.particle.and + " " + words
		}
		r.say(p.from, end, words)
	}
	return i
}
