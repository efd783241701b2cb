package ssml

import "time"

// Mix lays out sounds in time (docs/contract.md 4.6): a par or a seq.
//
// Every child has a time from which its Begin and End count: in a par the
// beginning of the par; in a seq the end of the child before it, for the first
// the beginning of the seq. A Begin that is nil is that time.
type Mix struct {
	// Parallel tells a par from a seq.
	Parallel bool
	// Begin and End are nil where the document says nothing. Those of a
	// Container's own Mix, which is not inside another, have no meaning.
	Begin, End *Time
	// Children are one or more.
	Children []MixChild
	// Offset is the byte of the source at which the element begins.
	Offset int
}

// MixChild is a [*Mix] or a [*Media].
type MixChild interface{ mixChild() }

func (*Mix) mixChild()   {}
func (*Media) mixChild() {}

// Media is one sound of a mix: its Content repeated RepeatCount times in a row,
// at most RepeatDur of it.
type Media struct {
	// ID is unique in the document, or empty.
	ID         string
	Begin, End *Time
	// RepeatCount is 1 or more.
	RepeatCount int
	// RepeatDur < 0 is no bound.
	RepeatDur time.Duration
	// GainDB is -40 to 40.
	GainDB float64
	// FadeIn and FadeOut are 0 or more.
	FadeIn, FadeOut time.Duration
	// Content is what is heard: what a speak holds, or one Audio.
	Content []Segment
	// Offset is the byte of the source at which the element begins.
	Offset int
}

// Time is a moment in a mix.
type Time struct {
	// ID is the media from whose beginning, or end if AtEnd, Offset counts.
	// It stands in the same Container, but not inside a media of it. Empty
	// is the time that the container's kind gives. No moment depends on
	// itself.
	ID    string
	AtEnd bool
	// Offset may be negative.
	Offset time.Duration
}

func newMedia(e *Element, content []Segment) *Media {
	m := &Media{RepeatDur: -1, Content: content, Offset: e.Offset}
	for _, a := range e.Attributes {
		switch a.Name {
		case "xml:id":
			m.ID = a.Value
		case "begin":
			m.Begin, _ = parseTime(a.Value)
		case "end":
			m.End, _ = parseTime(a.Value)
		case "repeatCount":
			m.RepeatCount, _ = parseCount(a.Value)
		case "repeatDur":
			m.RepeatDur, _ = parseLength(a.Value)
		case "soundLevel":
			m.GainDB, _ = parseDecibels(a.Value, false)
		case "fadeInDur":
			m.FadeIn, _ = parseLength(a.Value)
		case "fadeOutDur":
			m.FadeOut, _ = parseLength(a.Value)
		}
	}
	m.RepeatCount = max(m.RepeatCount, 1)
	return m
}

func newMix(e *Element, children []MixChild) *Mix {
	m := &Mix{Parallel: e.Name == "par", Children: children, Offset: e.Offset}
	if value, ok := e.Attribute("begin"); ok {
		m.Begin, _ = parseTime(value)
	}
	if value, ok := e.Attribute("end"); ok {
		m.End, _ = parseTime(value)
	}
	return m
}
