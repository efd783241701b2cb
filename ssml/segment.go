package ssml

import (
	"iter"
	"strings"
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
	// The start and the end of a paragraph (p) or sentence (s): what is
	// spoken on either side belongs to different paragraphs or sentences.
	ParagraphStart
	ParagraphEnd
	SentenceStart
	SentenceEnd
)

// String is the kind's name, such as "paragraph start".
func (k Kind) String() string {
	return [...]string{"text", "break", "paragraph start", "paragraph end", "sentence start", "sentence end"}[k]
}

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
	// Offset is the byte of the source at which the segment begins: its
	// text, or the tag it comes from.
	Offset int

	places places
}

// Source is the byte of the source from which byte i of Text comes; for text
// of an alias, the start of its sub. i may be len(Text).
func (s Segment) Source(i int) int { return s.places.source(i) }

// Segments walks the document in the order of speech.
func (d *Document) Segments() iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		w := walk{yield: yield}
		_ = w.children(d.Root) && w.flush()
	}
}

// walk gathers text until something else comes. Its methods return false when
// the walk is over.
type walk struct {
	yield  func(Segment) bool
	text   strings.Builder
	places places
}

func (w *walk) children(e *Element) bool {
	for _, child := range e.Children {
		switch child := child.(type) {
		case *Run:
			w.add(child.Text, child.places)
		case *Element:
			if !w.element(child) {
				return false
			}
		}
	}
	return true
}

func (w *walk) element(e *Element) bool {
	switch e.Name {
	case "p":
		return w.between(ParagraphStart, e, ParagraphEnd)
	case "s":
		return w.between(SentenceStart, e, SentenceEnd)
	case "break":
		return w.step(Segment{Kind: Break, Pause: pause(e), Offset: e.Offset})
	case "sub":
		alias, _ := e.Attribute("alias")
		w.add(alias, places{{source: e.Offset, fixed: true}})
	}
	return true
}

func (w *walk) between(start Kind, e *Element, end Kind) bool {
	return w.step(Segment{Kind: start, Offset: e.Offset}) &&
		w.children(e) &&
		w.step(Segment{Kind: end, Offset: e.End})
}

func (w *walk) add(text string, from places) {
	for _, p := range from {
		p.text += w.text.Len()
		w.places = append(w.places, p)
	}
	w.text.WriteString(text)
}

// step gives the text gathered so far and then s.
func (w *walk) step(s Segment) bool { return w.flush() && w.yield(s) }

func (w *walk) flush() bool {
	text, from := w.text.String(), w.places
	w.text.Reset()
	w.places = nil
	if strings.TrimSpace(text) == "" {
		return true
	}
	return w.yield(Segment{Kind: Text, Text: text, Offset: from.source(0), places: from})
}
