package textnorm

import "strings"

// listMarks part the numbers of a list, or stand around one.
const listMarks = ",;?!()[]{}"

// longestListed is the most digits of a number that [sayListed] reads.
const longestListed = 4

// sayListed is a rule for numbers with such a mark right before and right behind
// them, as in 1,2,3 and (4): no other rule finds beside them what it looks for, and
// such a list may be as long as a book.
func sayListed(r *reader, at int) int {
	w := r.at(at)
	if !r.isListMark(at-1) || !r.isListMark(at+1) || !r.glued(at) || !r.glued(at+1) || len(w) > longestListed || w[0] == '0' {
		return at
	}
	if r.at(at+1) == "(" && len(w) > 2 { // 401(k)
		return at
	}
	if n, ok := r.numeral(at); !ok || n.end > at+1 { // 1,000
		return at
	}
	return sayNumber(r, at)
}

func (r *reader) isListMark(at int) bool {
	return r.kind(at) == signToken && strings.Contains(listMarks, r.at(at))
}
