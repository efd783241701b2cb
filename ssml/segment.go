package ssml

import (
	"iter"
	"time"
)

// Kind says what a [Segment] is.
type Kind int

// The kinds of segments.
const (
	// Text is words to speak.
	Text Kind = iota
	// Break is a pause.
	Break
	// Start and End of a paragraph (p) or sentence (s): what is spoken on
	// either side are different paragraphs or sentences.
	ParagraphStart
	ParagraphEnd
	SentenceStart
	SentenceEnd
)

// Segment is one step of a document in the order of speech.
type Segment struct {
	Kind Kind
	// Text is what to speak: character data with its references decoded,
	// white space as written, the alias in place of a sub's content. It runs
	// on over comments, CDATA sections and subs to the next segment of
	// another kind, and is never only white space.
	Text string
	// Pause is how long a Break lasts. 0 (strength none) asks for no pause
	// here, not even one that the text alone would have.
	Pause time.Duration
	// Offset is the byte of the source at which the segment begins.
	Offset int

	places []place
}

// place says that the text from the byte text on comes from the source byte
// source on, byte by byte unless fixed (a character reference, an alias).
type place struct {
	text, source int
	fixed        bool
}

// Source is the byte of the source from which byte i of Text comes; for text
// of an alias, the start of its sub. i may be len(Text).
func (s Segment) Source(i int) int { return 0 }

// Segments walks the document in the order of speech.
func (d *Document) Segments() iter.Seq[Segment] { return func(func(Segment) bool) {} }
