package neural

import (
	"strings"

	"github.com/lectern/lectern/speech"
)

// piece is what a model speaks at once.
type piece struct {
	phonemes []rune
	words    []place
}

// place is where the phonemes of a word lie in a piece, without punctuation;
// of a word that no piece holds, those in the first.
type place struct {
	token    speech.Token
	from, to int
}

// pauses are phonemes at which a reader breathes, and end a piece.
const pauses = ",;:.!?—…"

// stops are phonemes that end a sentence.
const stops = ".!?…"

// clause is how many phonemes a first piece has at least, where it is a clause:
// fewer, such as "Well,", sound cut off when they stand alone.
const clause = 10

// vocabulary is what a model says of what it takes.
type vocabulary interface {
	MaxPhonemes() int
	Whole() bool
	Knows(phoneme rune) bool
}

// piecesOf cuts words into pieces of at most limit phonemes. A sentence's end
// ends a piece once it is half full; otherwise a piece that would be too long
// ends at the last pause in its second half, else between two words, and only
// within a word that is longer than a piece. All phonemes that a model knows are
// spoken, once and in order, but for spaces around pieces. A model that makes no
// sound before all of a piece begins with the first clause, if that is one.
func piecesOf(words []Word, model vocabulary) []piece {
	limit, knows := model.MaxPhonemes(), model.Knows
	var all []piece
	current := &cutter{limit: limit, emit: func(p piece) { all = append(all, p) }}
	eager := model.Whole()
	for i, w := range words {
		phonemes := known(w.Phonemes, knows)
		for len(phonemes) > limit { // a word that no piece holds
			current.flush(len(current.phonemes))
			current.add(w.Token, phonemes[:limit])
			phonemes = phonemes[limit:]
			current.flush(len(current.phonemes))
		}
		if len(phonemes) == 0 {
			if w.Space && i+1 < len(words) {
				current.space(knows)
			}
			continue
		}
		if len(current.phonemes)+len(phonemes) > limit {
			current.breathe(len(phonemes))
		}
		current.add(w.Token, phonemes)
		last := phonemes[len(phonemes)-1]
		switch n := len(current.phonemes); {
		case n > limit/2 && strings.ContainsRune(stops, last),
			eager && len(all) == 0 && n >= clause && strings.ContainsRune(pauses, last):
			current.flush(n)
		}
		if w.Space && i+1 < len(words) {
			current.space(knows)
		}
	}
	current.flush(len(current.phonemes))
	return all
}

func known(phonemes string, knows func(rune) bool) []rune {
	var kept []rune
	for _, r := range phonemes {
		if knows(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// cutter fills pieces.
type cutter struct {
	piece
	limit int
	ends  []end // where the piece can be cut
	told  int   // where the last word ends that has a place
	emit  func(piece)
}

// end is a place behind a word.
type end struct {
	at    int // phonemes
	pause bool
}

func (c *cutter) add(token speech.Token, phonemes []rune) {
	began := len(c.phonemes)
	c.phonemes = append(c.phonemes, phonemes...)
	if from, to := heard(phonemes); to > 0 && token.End > c.told {
		c.told = token.End
		c.words = append(c.words, place{token, began + from, began + to})
	}
	c.ends = append(c.ends, end{len(c.phonemes), strings.ContainsRune(pauses, phonemes[len(phonemes)-1])})
}

// space adds a space between two words of a piece; none begins it.
func (c *cutter) space(knows func(rune) bool) {
	if n := len(c.phonemes); n > 0 && c.phonemes[n-1] != ' ' && knows(' ') {
		c.phonemes = append(c.phonemes, ' ')
	}
}

// breathe ends the piece so that n more phonemes have room in the next.
func (c *cutter) breathe(n int) {
	at := len(c.phonemes)
	for i := len(c.ends) - 1; i >= 0 && c.ends[i].at >= c.limit/2; i-- {
		// What is left over begins the next piece, with the n.
		if c.ends[i].pause && len(c.phonemes)-c.ends[i].at+n <= c.limit {
			at = c.ends[i].at
			break
		}
	}
	c.flush(at)
}

// flush gives the first at phonemes out as a piece, without space at its end.
func (c *cutter) flush(at int) {
	head := trimmed(c.phonemes[:at])
	rest := c.phonemes[at:]
	for len(rest) > 0 && rest[0] == ' ' {
		rest = rest[1:]
	}
	shift := len(c.phonemes) - len(rest)
	given := piece{phonemes: head}
	next := piece{phonemes: append([]rune(nil), rest...)}
	for _, w := range c.words {
		if w.to <= at {
			given.words = append(given.words, w)
			continue
		}
		next.words = append(next.words, place{w.token, w.from - shift, w.to - shift})
	}
	var ends []end
	for _, e := range c.ends {
		if e.at > at {
			ends = append(ends, end{e.at - shift, e.pause})
		}
	}
	c.piece, c.ends = next, ends
	if len(given.phonemes) > 0 {
		c.emit(given)
	}
}

func trimmed(phonemes []rune) []rune {
	for len(phonemes) > 0 && phonemes[len(phonemes)-1] == ' ' {
		phonemes = phonemes[:len(phonemes)-1]
	}
	return phonemes
}
