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

// isListed reports whether the comma at a token, behind the number at another, parts
// the numbers of a list though the language writes decimals with it: a comma parts
// that number from the one before it, too (1,2,3), a time of day begins behind it, or
// both are years, the earlier one first (2020,2021).
func (r *reader) isListed(number, comma int) bool {
	if r.at(comma) != "," || r.kind(number) != numberToken {
		return false
	}
	if r.isGlued(number-1, ",") && r.glued(number) && r.kind(number-2) == numberToken {
		return true
	}
	if _, ok := r.sexagesimal(comma + 2); ok && atoi(r.at(comma+1)) <= 24 {
		return true
	}
	return isRecent(r.at(number)) && isRecent(r.at(comma+1)) && r.at(number) < r.at(comma+1) && r.ends(comma+2)
}

// isRecent reports whether digits are most likely a year.
func isRecent(digits string) bool { return len(digits) == 4 && digits >= "1900" && digits <= "2099" }

func (r *reader) isListMark(at int) bool {
	return r.kind(at) == signToken && strings.Contains(listMarks, r.at(at))
}
