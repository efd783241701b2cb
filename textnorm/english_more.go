package textnorm

import "strings"

// English rules for numbers with an ending, and for what is written like them.

// sayHundreds is a rule for round numbers in the plural: 100s of miles, the 1,000s.
func sayHundreds(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || n.point || !r.starts(at) || len(n.whole) < 2 || n.whole[0] != '1' || strings.Trim(n.whole[1:], "0") != "" || !r.isGlued(n.end, "s") || r.at(n.end+1) != "of" {
		return at
	}
	words := strings.TrimPrefix(r.cardinal(n.whole, alone), "one ")
	r.say(at, n.end+1, words+"s")
	return n.end + 1
}

// sayEnded is a rule for numbers with an ending of words: 49ers, 30ish.
func sayEnded(r *reader, at int) int {
	ending := r.at(at + 1)
	if len(r.at(at)) > 3 || !r.starts(at) || !r.glued(at+1) || ending != "er" && ending != "ers" && ending != "ish" || !r.ends(at+2) {
		return at
	}
	words := r.cardinal(r.at(at), alone)
	if ending != "ish" {
		words = strings.TrimSuffix(words, "e")
	}
	r.say(at, at+2, words+ending)
	return at + 2
}

// sayEpisode is a rule for an episode of a series: S01E05, s1e5.
func sayEpisode(r *reader, at int) int {
	if len(r.at(at)) != 1 || !r.starts(at) || r.kind(at+1) != numberToken || !r.glued(at+1) || !r.glued(at+2) || !strings.EqualFold(r.at(at+2), "e") || !r.glued(at+3) || r.kind(at+3) != numberToken || len(r.at(at+1)) > 2 || len(r.at(at+3)) > 3 || !r.ends(at+4) {
		return at
	}
	r.say(at, at+2, "season "+r.cardinal(r.at(at+1), alone))
	r.say(at+2, at+4, "episode "+r.cardinal(r.at(at+3), alone))
	return at + 4
}

// sayWorldWar is a rule for WW2.
func sayWorldWar(r *reader, at int) int {
	if n := r.at(at + 1); !r.tokens[at].caps || !r.starts(at) || !r.glued(at+1) || n != "1" && n != "2" && n != "3" || !r.ends(at+2) {
		return at
	}
	r.say(at, at+2, "World War "+r.cardinal(r.at(at+1), alone))
	return at + 2
}

// sayTimeSignature is a rule for the time of a piece of music: 6/8 time.
func sayTimeSignature(r *reader, at int) int {
	if next := r.at(at + 3); next != "time" && next != "meter" && next != "metre" || r.glued(at+3) || !r.starts(at) || !r.isGlued(at+1, "/") || !r.glued(at+2) || r.kind(at+2) != numberToken || len(r.at(at)) > 2 || len(r.at(at+2)) > 2 {
		return at
	}
	r.say(at, at+1, r.cardinal(r.at(at), alone))
	r.say(at+1, at+3, r.cardinal(r.at(at+2), alone))
	return at + 3
}
