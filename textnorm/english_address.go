package textnorm

import "strings"

// compass are the points in addresses.
var compass = map[string]string{
	"N": "North", "S": "South", "E": "East", "W": "West", "NE": "Northeast", "NW": "Northwest", "SE": "Southeast", "SW": "Southwest",
}

// sayAddress is a rule for the number of a house and its street: 123 Smith St,
// 708 N 1st St. The number is said as people do, one twenty three.
func sayAddress(r *reader, at int) int {
	if len(r.at(at)) > 5 || r.glued(at) && (r.kind(at-1) != signToken || r.at(at-1) == "." || r.at(at-1) == "$") || r.at(at)[0] == '0' {
		return at
	}
	street := 0 // the token of its last word
	i := at + 1
	if r.glued(i) && len(r.at(i)) == 1 && r.kind(i) == wordToken { // 221B
		i++
	}
	first := i
	for words := 0; words < 6 && r.kind(i) != noToken && !r.glued(i); words++ {
		if r.kind(i) == numberToken {
			if _, ok := r.ordinalSuffix(i); !ok {
				break
			}
			i += 2
			continue
		}
		if r.kind(i) != wordToken {
			break
		}
		if _, ok := r.streets[strings.ToLower(r.at(i))]; ok && i > first {
			if compass[r.at(i-1)] == "" || i > first+1 {
				street = i
				break
			}
		}
		if !r.tokens[i].title && words == 0 {
			break
		}
		if !r.tokens[i].title && r.at(i) != "of" && r.at(i) != "the" {
			break
		}
		i++
		if r.isGlued(i, ".") {
			i++
		}
	}
	if street == 0 || !r.ends(street+1) || r.months[strings.ToLower(r.at(first))] > 0 {
		return at
	}
	r.say(at, at+1, r.houseNumber(r.at(at)))
	for i := at + 1; i < street; {
		if i < first {
			r.say(i, first, strings.ToUpper(r.at(i)))
			i = first
			continue
		}
		end := i + 1
		switch {
		case r.kind(i) == numberToken:
			i = sayOrdinal(r, i)
			continue
		case compass[r.at(i)] != "":
			if r.isGlued(end, ".") {
				end++
			}
			r.say(i, end, compass[r.at(i)])
			i = end
			continue
		}
		i = r.readOne(i)
	}
	end := street + 1
	if r.isGlued(end, ".") && r.kind(end+1) != noToken && !r.sentenceEnds(end+1) && !r.startsNext(end+1) {
		end++
	}
	words := r.streets[strings.ToLower(r.at(street))]
	if r.tokens[street].title {
		words = capitalized(words)
	}
	r.say(street, end, words)
	if point := compass[r.at(end)]; point != "" && !r.glued(end) {
		r.say(end, end+1, point)
		end++
	}
	return end
}

// houseNumber says 708 as seven zero eight, 123 as one twenty three, 1211 as
// twelve eleven, 1200 as twelve hundred, longer ones digit by digit.
func (l *language) houseNumber(digits string) string {
	switch len(digits) {
	case 1, 2:
		return l.cardinal(digits, alone)
	case 3:
		switch {
		case digits[1:] == "00":
			return l.cardinal(digits, alone)
		case digits[1] == '0':
			return l.digitsOf(digits)
		}
		return l.cardinal(digits[:1], alone) + " " + l.cardinal(digits[1:], alone)
	case 4:
		switch {
		case digits[1:] == "000":
			return l.cardinal(digits, alone)
		case digits[2:] == "00":
			return l.cardinal(digits[:2], alone) + " hundred"
		case digits[2] == '0':
			return l.cardinal(digits[:2], alone) + " " + l.digitsOf(digits[2:])
		}
		return l.cardinal(digits[:2], alone) + " " + l.cardinal(digits[2:], alone)
	}
	return l.digitsOf(digits)
}

// sayState is a rule for the state behind a town, and the ZIP code behind it:
// Austin, TX 78701.
func sayState(r *reader, at int) int {
	state := r.states[r.at(at)]
	if state == "" || !r.ends(at+1) {
		return at
	}
	zip := r.kind(at+1) == numberToken && len(r.at(at+1)) == 5 && r.ends(at+2)
	comma := r.at(at-1) == "," && r.kind(at-2) == wordToken && r.tokens[at-2].title && !r.tokens[at-2].caps
	if !comma && !(zip && r.kind(at-1) == wordToken && r.tokens[at-1].title) {
		return at
	}
	if comma && !zip && isDegree[r.at(at)] && r.isPerson(at-2) {
		r.say(at, at+1, spell(r.at(at)))
		return at + 1
	}
	r.say(at, at+1, state)
	if !zip {
		return at + 1
	}
	r.say(at+1, at+2, r.digitsOf(r.at(at+1)))
	if r.isGlued(at+2, "-") && r.kind(at+3) == numberToken && len(r.at(at+3)) == 4 && r.ends(at+4) {
		r.say(at+2, at+4, r.particle.dash+" "+r.digitsOf(r.at(at+3)))
		return at + 4
	}
	return at + 2
}

// isDegree are degrees that look like states.
var isDegree = set("MD MA MS PA")

// isPerson reports whether the two words that end at a token are more likely a
// person's names than a town's: no word of towns is among them, and none that
// leads to a place before.
func (r *reader) isPerson(last int) bool {
	first := last - 1
	if r.isGlued(first, ".") { // Jane Q. Doe
		first -= 2
	}
	if r.kind(first) != wordToken || !r.tokens[first].title || r.tokens[last].caps || placeWords[r.at(first)] || placeWords[r.at(last)] {
		return false
	}
	return !toPlaces[strings.ToLower(r.at(first-1))]
}

var (
	placeWords = set(`San Santa New Fort Ft Lake Los Las St Saint Mount Mt Port North South East West Salt Grand Palm Long Silver Little Great
		Big Old Upper Lower Ocean College Chevy Ann Bel El La Le De Des Cape Castle Green White Black Red Blue Rock Glen Oak Elk Eagle Cedar Maple Pine
		City Falls Springs Spring Beach Park Hills Hill Heights Lake Grove River Valley Point Bay Island Harbor Village Rapids Creek Ridge Station Square
		Mills Mill Church Burnie Arbor Head Run Branch Town Center Junction Landing Haven Gardens Gap Oaks Pass Shore Shores Woods Bluff Bluffs Chase
		Marsh Neck Ferry Crossing Court Street Avenue Road County`)
	toPlaces = set("in from to at near of into around outside for between")
)
