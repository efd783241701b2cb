package g2p

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// English reads English of one country aloud, in phonemes.
type English struct {
	tokenizer tokenizer
	tagger    tagger
	lexicon   lexicon
	guess     *guesser // nil without Unknown
	vocab     map[rune]bool
}

// Unknown is a network that guesses how a word is pronounced that no dictionary
// has: it is given the numbers of the word's letters, at least one and at most as
// many as oov.json says (24), and gives those of phonemes, four or so for each
// letter, among which 0 is none. A longer word is asked for in parts. This package knows what the numbers mean. An error of Unknown is that
// of the text.
type Unknown func(letters []int64) ([]int64, error)

// Word is one word of a text, or one sign such as a comma, and how it is spoken.
type Word struct {
	// Start and End are byte offsets into the text, End excluded.
	Start, End int
	// Phonemes are in the alphabet of the model; empty where nothing is heard.
	// A word of several parts, such as "12km", may have spaces within.
	Phonemes string
	// Space says that the word is followed by white space.
	Space bool
}

// Given says how a part of a text is spoken, in place of what its letters say.
type Given struct {
	// Start and End are byte offsets into the text, End excluded.
	Start, End int
	// Phonemes are in the alphabet of the model.
	Phonemes string
}

// Words reads text, which is best one sentence: its end counts as a pause. The
// words are in order and hold every byte of text that is no white space exactly
// once. [Join] makes one string of them.
//
// Parts that are given must be in order, apart and more than white space; each,
// without the white space at its ends, is a word of its own.
func (e *English) Words(text string, given []Given) ([]Word, error) {
	given, err := check(text, given)
	if err != nil {
		return nil, err
	}
	text, source := fold(text)
	tokens := make([]token, 0, len(text)/5+4)
	end := 0
	for _, g := range given {
		start := folded(source, g.Start)
		tokens = e.tokens(tokens, text, end, start)
		end = folded(source, g.End)
		tokens = append(tokens, token{
			text: text[start:end], tag: "NN", start: start, end: end,
			space: end < len(text) && isSpace(first(text[end:])), read: true, phonemes: g.Phonemes,
		})
	}
	tokens = e.tokens(tokens, text, end, len(text))
	words, err := e.read(groups(tokens))
	if source != nil {
		for i := range words {
			words[i].Start, words[i].End = source[words[i].Start], source[words[i].End]
		}
	}
	return words, err
}

// check takes the white space off the ends of parts that are given, or says what
// is wrong with them.
func check(text string, given []Given) ([]Given, error) {
	end := 0
	for i, g := range given {
		switch {
		case g.Start < 0 || g.End <= g.Start || g.End > len(text):
			return nil, fmt.Errorf("g2p: bytes %d to %d are no part of a text of %d", g.Start, g.End, len(text))
		case g.Start < end:
			return nil, fmt.Errorf("g2p: the pronunciation at byte %d begins before that ending at %d: give them in order and apart", g.Start, end)
		case !utf8.RuneStart(text[g.Start]) || g.End < len(text) && !utf8.RuneStart(text[g.End]):
			return nil, fmt.Errorf("g2p: bytes %d to %d of the text cut a character", g.Start, g.End)
		}
		end = g.End
		part := text[g.Start:g.End]
		before := len(part) - len(strings.TrimLeftFunc(part, isSpace))
		after := len(part) - len(strings.TrimRightFunc(part, isSpace))
		switch {
		case before == len(part):
			return nil, fmt.Errorf("g2p: bytes %d to %d of the text are white space: no word that could be pronounced", g.Start, g.End)
		case before+after > 0:
			given = slices.Clone(given)
			given[i].Start += before
			given[i].End -= after
		}
	}
	return given, nil
}

// Join is the phonemes of words as one line for the model, with a space where the
// text had white space.
func Join(words []Word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Phonemes)
		if w.Space {
			b.WriteByte(' ')
		}
	}
	return strings.TrimSpace(b.String())
}

// token is what the tagger sees: a word, a part of a contraction, a sign.
type token struct {
	text       string // with typographic apostrophes put right
	tag        string // Penn Treebank
	start, end int    // of the text that was given
	space      bool   // white space follows
	read       bool   // phonemes is set
	phonemes   string
}

// tokens appends those of a part of the text.
func (e *English) tokens(tokens []token, text string, start, end int) []token {
	first := len(tokens)
	tokens = e.tokenizer.tokens(tokens, text[start:end])
	for i := first; i < len(tokens); i++ {
		tokens[i].start += start
		tokens[i].end += start
	}
	e.tagger.tag(tokens[first:])
	return tokens
}

// output is phonemes as the model wants them: the flap is written T, the stop in
// the throat is a t, and what the model has no sign for is left out.
func (e *English) output(phonemes string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'ɾ':
			r = 'T'
		case r == 'ʔ':
			r = 't'
		}
		if !e.vocab[r] {
			return -1
		}
		return r
	}, phonemes)
}
