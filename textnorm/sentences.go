package textnorm

import (
	"iter"
	"strings"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// The bounds of a sentence in bytes.
const (
	// defaultMaxBytes is the longest sentence when none is asked for.
	defaultMaxBytes = 600
	// leastMaxBytes is the least that can be asked for.
	leastMaxBytes = 16
)

// Span is a piece of a text: bytes Start to End, End excluded.
type Span struct{ Start, End int }

// Of is the piece of text that s names.
func (s Span) Of(text string) string { return text[s.Start:s.End] }

// Sentence is one sentence and how it ends.
type Sentence struct {
	Span
	// EndsParagraph says that a blank line, or the end of the text, follows.
	EndsParagraph bool
	// Continues says that the sentence was too long and goes on in the next.
	Continues bool
}

// Sentences finds the sentences of text, in order: those of Unicode Standard
// Annex 29, but not split after abbreviations, initials and numbers of lists.
//
// Their spans hold every byte of text exactly once; white space belongs to the
// sentence before it. A blank line always ends a sentence, a single line break
// is a space. None is longer than maxBytes (0 means 600, less
// than 16 that): longer ones are split at clause punctuation, else
// at a space, else between characters.
func Sentences(text string, maxBytes int) iter.Seq[Sentence] {
	if maxBytes == 0 {
		maxBytes = defaultMaxBytes
	}
	maxBytes = max(maxBytes, leastMaxBytes)
	return func(yield func(Sentence) bool) {
		for p := range paragraphs(text) {
			s := splitter{text: text, maxBytes: maxBytes, yield: yield}
			if !s.paragraph(p) {
				return
			}
		}
	}
}

// splitter gives the sentences of one paragraph. Its methods return false when
// no more are wanted.
type splitter struct {
	text     string
	maxBytes int
	yield    func(Sentence) bool
}

func (s *splitter) paragraph(p Span) bool {
	start := p.Start
	for b := range s.stretches(p) {
		if b < p.End && !endsSentence(s.text[start:b], s.text[b:p.End]) {
			continue
		}
		if !s.sentence(Span{start, b}, b == p.End) {
			return false
		}
		start = b
	}
	return true
}

// sentence gives one sentence, in pieces if it is too long.
func (s *splitter) sentence(whole Span, endsParagraph bool) bool {
	for whole.End-whole.Start > s.maxBytes {
		cut := whole.Start + bestCut(s.text[whole.Start:whole.End], s.maxBytes)
		if !s.yield(Sentence{Span: Span{whole.Start, cut}, Continues: true}) {
			return false
		}
		whole.Start = cut
	}
	return s.yield(Sentence{Span: whole, EndsParagraph: endsParagraph})
}

// stretches gives the ends of the sentences that Unicode finds in p; the last
// is p's.
//
// Its rule SB8 looks from each character after a full stop for the next letter,
// which is quadratic in a long run of brackets or spaces. So each run longer
// than longestRun ends a stretch.
func (s *splitter) stretches(p Span) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at := p.Start; at < p.End; {
			end := at + runEnd(s.text[at:p.End])
			// The white space at the end, where most ends of lines are, is
			// the last sentence's.
			it := sentences.FromString(flatten(strings.TrimRight(s.text[at:end], " \r\n")))
			last := at
			for it.Next() {
				if last > at && !yield(last) {
					return
				}
				last = at + it.End()
			}
			if !yield(end) {
				return
			}
			at = end
		}
	}
}
