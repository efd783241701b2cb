// Package textnorm prepares written text for a voice: it finds the sentences
// and cleans them, keeping the way back to the source.
//
// Split a text with [Sentences], pass over what is not [Speakable], and give
// each sentence through [Clean] to an engine.
package textnorm

import "iter"

// DefaultMaxBytes is the longest sentence of [Sentences] when none is asked.
const DefaultMaxBytes = 600

// Span is a piece of a text: bytes Start to End, End excluded.
type Span struct{ Start, End int }

// Of is the piece of text that s names.
func (s Span) Of(text string) string { return text[s.Start:s.End] }

// Sentence is one sentence and how it ends.
type Sentence struct {
	Span
	// EndsParagraph says that a blank line, or the end of the text, follows.
	EndsParagraph bool
}

// Sentences finds the sentences of text, in order. Their spans hold every byte
// of text exactly once (white space belongs to the sentence before it). None
// is longer than maxBytes (0: [DefaultMaxBytes]; at least 16): longer ones are
// split at clause punctuation, else at a space, else between characters.
// A blank line always ends a sentence; a single line break is a space.
func Sentences(text string, maxBytes int) iter.Seq[Sentence] {
	return func(func(Sentence) bool) {}
}

// Speakable reports whether text has anything to speak: a letter, a digit or a
// symbol that has a name.
func Speakable(text string) bool { return false }
