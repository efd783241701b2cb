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
	// Mark is a mark with no text before it to hang on; others are spans of
	// their text.
	Mark
	// Audio is a recording: an audio element.
	Audio
	// Container is sounds laid out in time: a par or a seq.
	Container
	// ParagraphStart and its like are the start and the end of a paragraph (p) or
	// sentence (s): what is spoken on either side belongs to different ones.
	ParagraphStart
	ParagraphEnd
	SentenceStart
	SentenceEnd
)

// String is the kind's name, such as "paragraph start".
func (k Kind) String() string {
	return [...]string{"text", "break", "mark", "audio", "container",
		"paragraph start", "paragraph end", "sentence start", "sentence end"}[k]
}

// Segment is one step of a document in the order of speech.
type Segment struct {
	Kind Kind
	// Style is how the words of a Text are said; of others, of words that
	// would stand in their place.
	Style Style
	// Text is what to speak: character data with its references decoded,
	// white space as written, the alias in place of a sub's content. It runs
	// on over comments, CDATA sections, say-as, sub, phoneme and mark to the
	// next segment of another kind or style, and is never only white space.
	Text string
	// Spans are what is special in Text, in its order and not overlapping.
	Spans []Span
	// Continues says that nothing but a change of style (prosody, emphasis,
	// voice, lang, google:style) ends this Text: the next segment is a Text
	// too, and a sentence may go on into it, even a word.
	Continues bool
	// Pause is how long a Break lasts. 0 (strength none) asks for no pause
	// here, not even one that the text alone would have.
	Pause time.Duration
	// Name is the name of a Mark.
	Name string
	// Clip is the recording of an Audio.
	Clip *Clip
	// Mix is the layout of a Container.
	Mix *Mix
	// Offset is the byte of the source at which the segment begins: its
	// text, or the tag it comes from.
	Offset int

	places places
}

// Source is the byte of the source from which byte i of Text comes; for text
// of an alias, the start of its sub. i may be len(Text).
func (s Segment) Source(i int) int { return s.places.source(i) }

// Span is a part of a segment's text of which more is known: exactly one of
// SayAs, IPA, Alias and Mark is set.
type Span struct {
	// Start and End are bytes of the text. Of a mark they are the same.
	Start, End int
	// SayAs says how to read the part, which is as written.
	SayAs *SayAs
	// IPA is how the part, a written word, is pronounced. A phoneme without
	// content has its IPA for text too.
	IPA string
	// Alias says that the part stands in place of something else.
	Alias bool
	// Mark is the name of a mark.
	Mark string
}

// SayAs is how to read a piece of text (docs/contract.md 4.2). Empty fields
// were not given. The format and detail fit the kind; the text need not.
type SayAs struct {
	// InterpretAs is what it is: cardinal, ordinal, characters, verbatim,
	// fraction, expletive, unit, currency, telephone, date, time or
	// duration. The synonym spell-out has become verbatim, bleep expletive.
	InterpretAs string
	// Format is, for a date, a run of y, m and d; for a time, of h, m, s, Z,
	// 12 and 24; for a duration, of h, m, s and ms joined by colons.
	Format string
	// Detail is "1" or "2".
	Detail string
	// Language is a BCP-47 tag.
	Language string
	// ZeroAsZero says that a zero is not the letter O.
	ZeroAsZero bool
}

// Segments walks the document in the order of speech.
func (d *Document) Segments() iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		w := newWalk(plain, map[voiceKey]*Voice{}, yield)
		_ = w.children(d.Root) && w.flush()
	}
}
