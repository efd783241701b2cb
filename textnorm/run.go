package textnorm

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// longestMeant is how many of one sign in a row may mean something. More are an
// ornament or a slip, whatever the sign: their run is read at once.
const longestMeant = 4

// readRun reads a long run of one sign that begins at a token: punctuation stays,
// lines drawn with a sign and marks without a letter are dropped. It returns at if
// there is none, or if each of its signs has a name to be said.
func (r *reader) readRun(at int) int {
	c, _ := utf8.DecodeRuneInString(r.text[r.tokens[at].Start:])
	stays := c < utf8.RuneSelf && r.marks[c] != symbol
	if !stays && (r.names.byText == nil || !isLineSign(c) && !unicode.IsMark(c)) {
		return at
	}
	end := at + 1
	for r.glued(end) && r.kind(end) == signToken && r.isSame(end, at) {
		end++
	}
	if end <= at+longestMeant {
		return at
	}
	if stays {
		r.keep(at)
		r.pending.End = r.tokens[end-1].End
	} else {
		r.drop(at, end)
	}
	r.note(at, end, nil)
	return end
}

// saySpelled says digits one by one, as say does with their names, whatever their
// number.
func (r *reader) saySpelled(from, to int, digits string) {
	r.flush()
	source := r.source(r.span(from, to))
	r.words = slices.Grow(r.words, len(digits))
	r.out = slices.Grow(r.out, len(digits)*len(" "+r.particle.digit[8]))
	space := r.tokens[from].space
	for i := range len(digits) {
		if len(r.out) > 0 && (space || r.last != saidMark || spacedBehind[r.out[len(r.out)-1]]) {
			r.out = append(r.out, ' ')
		}
		space = true
		start := len(r.out)
		r.out = append(r.out, r.particle.digit[digits[i]-'0']...)
		r.words = append(r.words, Word{Span{start, len(r.out)}, source})
		r.last = saidReading
	}
}
