package textnorm

import "strings"

// operators are signs that people write with several characters of ASCII, by the
// sign that they stand for.
var operators = map[string]rune{
	"==": '=', "===": '=', "!=": '≠', "!==": '≠', "<>": '≠', "<=": '≤', ">=": '≥', "->": '→', "-->": '→', "=>": '→', "==>": '→',
	"<-": '←', "<--": '←', "+-": '±', "+/-": '±', "&&": '&', "~=": '≈',
}

// longestOperator is the most tokens of an operator.
const longestOperator = 3

// sayOperator is a rule for a sign of several characters: x != y, a -> b. It is
// written apart, or between words without spaces.
func sayOperator(r *reader, at int) int {
	if r.glued(at) && r.kind(at-1) == signToken && !strings.Contains(")]([{\"", r.at(at-1)) {
		return at
	}
	end := at + 1
	for end < at+longestOperator && r.glued(end) && r.kind(end) == signToken && operatorSigns[r.at(end)] {
		end++
	}
	for ; end > at+1; end-- {
		sign, ok := operators[r.span(at, end).Of(r.text)]
		if !ok || r.signs[sign] == "" || r.glued(end) && r.kind(end) == signToken && operatorSigns[r.at(end)] {
			continue
		}
		if r.glued(at) && !r.glued(end) && r.kind(end) != noToken && r.kind(at-1) == wordToken || !r.glued(at) && r.glued(end) && r.kind(at-1) == wordToken && r.kind(end) != numberToken {
			continue
		}
		r.say(at, end, r.signs[sign])
		return end
	}
	return at
}

var operatorSigns = set("= ! < > - + / & ~")

// sayBar is a rule for the bars of a table, which part its cells.
func sayBar(r *reader, at int) int {
	if r.at(at) != "|" || r.glued(at) && r.glued(at+1) {
		return at
	}
	if at == 0 || r.kind(at+1) == noToken || r.last == saidMark {
		r.skip(at, at+1)
		return at + 1
	}
	r.pause(at)
	return at + 1
}

// sayNote is a rule for notes around what is sung, and for the marks where
// another speaker begins in subtitles. They are not said.
func sayNote(r *reader, at int) int {
	end := at
	switch r.at(at) {
	case "♪", "♫", "♬", "♩":
		end++
	case ">":
		if at == 0 && r.isGlued(1, ">") && !r.glued(2) && r.kind(2) != noToken {
			end = 2
		}
	}
	if end > at {
		r.drop(at, end)
		r.skip(at, end)
	}
	return end
}

// sayInnerStop is a rule for a full stop within what is written in one piece, or
// at its beginning: ASP.NET, rc.1, .bashrc. Between a small letter and a capital
// somebody forgot a space.
func sayInnerStop(r *reader, at int) int {
	if r.at(at) == "." && r.isGlued(at+1, "/") && (!r.glued(at) || r.at(at-1) == ".") || r.at(at) == "." && !r.glued(at) && r.isGlued(at+1, ".") && r.isGlued(at+2, "/") { // ./ and ../
		r.say(at, at+1, r.particle.dot)
		return at + 1
	}
	if r.at(at) == "." && !r.glued(at) && r.decimal == "." && r.kind(at+1) == numberToken {
		return at // .300
	}
	if r.at(at) != "." || !r.glued(at+1) || r.kind(at+1) != wordToken && (r.kind(at+1) != numberToken || r.kind(at-1) != wordToken) {
		return at
	}
	if !r.glued(at) || r.kind(at-1) == signToken && r.at(at-1) != ")" && r.at(at-1) != "." {
		if r.glued(at) && r.at(at-1) != "/" && r.at(at-1) != "*" && r.at(at-1) != "(" && r.at(at-1) != "\"" {
			return at
		}
		r.say(at, at+1, r.particle.dot)
		return at + 1
	}
	next := r.tokens[at+1]
	lower := strings.ToLower(r.at(at + 1))
	ending := r.kind(at+1) == wordToken && r.ends(at+2) && (len(lower) > 1 && r.endings[lower] != "" || len(lower) == 1 && !next.title && (r.kind(at-1) == numberToken || len(r.at(at-1)) > 1))
	capitals := next.caps && r.kind(at-1) == wordToken && r.tokens[at-1].caps && len(r.at(at+1)) > 1
	code := r.kind(at+1) == numberToken && r.kind(at-1) == wordToken && len(r.at(at-1)) < 8 && !next.space && r.at(at-1) != "p"
	if !capitals && !code && !ending {
		return at
	}
	r.say(at, at+1, r.particle.dot)
	return at + 1
}
