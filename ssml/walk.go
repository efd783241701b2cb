package ssml

import (
	"slices"
	"strings"
)

// walk goes through a document and gives its segments: text is gathered until
// something else comes. Its methods return false when the walk is over.
type walk struct {
	yield  func(Segment) bool
	voices map[voiceKey]*Voice

	// now is the delivery of the text that comes.
	now delivery
	// next is the text gathered in that delivery.
	next passage
	// held is text, if any, that only a change of style ended: whether it
	// continues is known when more text comes.
	held passage
}

func newWalk(now delivery, voices map[voiceKey]*Voice, yield func(Segment) bool) *walk {
	return &walk{yield: yield, voices: voices, now: now, next: passage{style: now.style()}}
}

func (w *walk) children(e *Element) bool {
	for _, child := range e.Children {
		switch child := child.(type) {
		case *Run:
			w.next.add(child.Text, child.places)
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
	case "prosody", "emphasis", "google:style", "voice", "lang":
		outer := w.now
		return w.turn(outer.enter(e, w.voices)) && w.children(e) && w.turn(outer)
	case "break":
		return w.step(Segment{Kind: Break, Pause: pause(e), Offset: e.Offset})
	case "mark":
		return w.mark(e)
	case "sub":
		alias, _ := e.Attribute("alias")
		w.span(Span{Alias: true}, func() { w.next.add(alias, places{{source: e.Offset, fixed: true}}) })
	case "say-as":
		w.span(Span{SayAs: newSayAs(e)}, func() { w.children(e) })
	case "phoneme":
		w.phoneme(e)
	case "audio":
		return w.step(Segment{Kind: Audio, Clip: newClip(e, w.inside(e)), Offset: e.Offset})
	case "par", "seq":
		return w.step(Segment{Kind: Container, Mix: w.mix(e), Offset: e.Offset})
	}
	if e.rule.passedOver && e.Name != unspoken {
		return w.children(e)
	}
	return true // a desc is not spoken
}

func (w *walk) between(start Kind, e *Element, end Kind) bool {
	outer := w.now
	if !w.step(Segment{Kind: start, Offset: e.Offset}) || !w.turn(outer.enter(e, w.voices)) ||
		!w.children(e) || !w.step(Segment{Kind: end, Offset: e.End}) {
		return false
	}
	return w.turn(outer)
}

// span notes what is special in the text that gather adds.
func (w *walk) span(s Span, gather func()) {
	s.Start = w.next.length
	gather()
	if s.End = w.next.length; s.End > s.Start {
		w.next.spans = append(w.next.spans, s)
	}
}

func (w *walk) phoneme(e *Element) {
	w.span(Span{IPA: e.ipa}, func() {
		if w.children(e); e.silent() {
			w.next.add(e.ipa, places{{source: e.Offset, fixed: true}})
		}
	})
}

// silent reports whether e, an element that holds text, has nothing to read.
func (e *Element) silent() bool {
	for _, child := range e.Children {
		if run, ok := child.(*Run); !ok || !blank(run.Text) {
			return false
		}
	}
	return true
}

// mark hangs a mark on the text before it, if there is any.
func (w *walk) mark(e *Element) bool {
	name, _ := e.Attribute("name")
	on := &w.next
	if !on.spoken {
		if !w.held.spoken {
			w.next.reset()
			return w.yield(Segment{Kind: Mark, Style: w.next.style, Name: name, Offset: e.Offset})
		}
		on = &w.held
		w.held.join(&w.next)
	}
	on.spans = append(on.spans, Span{Start: on.length, End: on.length, Mark: name})
	return true
}

// inside are the segments of what e holds.
func (w *walk) inside(e *Element) []Segment {
	return w.collect(func(inner *walk) { inner.children(e) })
}

func (w *walk) collect(from func(inner *walk)) []Segment {
	var segments []Segment
	inner := newWalk(w.now, w.voices, func(s Segment) bool {
		segments = append(segments, s)
		return true
	})
	from(inner)
	inner.flush()
	return segments
}

func (w *walk) mix(e *Element) *Mix {
	var parts []MixChild
	for _, child := range e.Children {
		if child := child.(*Element); child.Name == "media" {
			parts = append(parts, newMedia(child, w.content(child)))
		} else {
			parts = append(parts, w.mix(child))
		}
	}
	return newMix(e, parts)
}

// content are the segments of a media.
func (w *walk) content(media *Element) []Segment {
	only := media.Children[0].(*Element)
	if only.Name == "speak" {
		return w.inside(only)
	}
	return w.collect(func(inner *walk) { inner.element(only) })
}

// turn goes on in another delivery.
func (w *walk) turn(to delivery) bool {
	w.now = to
	style := to.style()
	if style == w.next.style {
		return true
	}
	ok := w.hold()
	w.next.style = style
	return ok
}

// step gives the text gathered so far and then s.
func (w *walk) step(s Segment) bool {
	s.Style = w.next.style
	return w.flush() && w.yield(s)
}

// hold moves what is gathered to held.
func (w *walk) hold() bool {
	if !w.next.spoken {
		if w.held.spoken {
			w.held.join(&w.next)
		}
		w.next.reset()
		return true
	}
	if w.held.spoken && !w.yield(w.held.segment(true)) {
		return false
	}
	style := w.next.style
	w.held, w.next = w.next, passage{style: style}
	return true
}

// flush gives what is gathered.
func (w *walk) flush() bool {
	if !w.hold() {
		return false
	}
	if !w.held.spoken {
		return true
	}
	last := w.held.segment(false)
	w.held = passage{}
	return w.yield(last)
}

// passage is text of one style in the making.
type passage struct {
	style  Style
	pieces []string
	length int
	places places
	spans  []Span
	// spoken says that there is more than white space.
	spoken bool
}

func (p *passage) add(text string, from places) {
	if text == "" {
		return
	}
	if p.length == 0 {
		p.places = slices.Clip(from)
	} else {
		for _, place := range from {
			place.text += p.length
			p.places = append(p.places, place)
		}
	}
	p.pieces = append(p.pieces, text)
	p.length += len(text)
	p.spoken = p.spoken || !blank(text)
}

// join moves the text of q, which is blank, to the end of p.
func (p *passage) join(q *passage) {
	for _, piece := range q.pieces {
		p.add(piece, nil)
	}
	for _, place := range q.places {
		place.text += p.length - q.length
		p.places = append(p.places, place)
	}
	q.reset()
}

func (p *passage) reset() { *p = passage{style: p.style} }

func (p *passage) segment(continues bool) Segment {
	return Segment{Kind: Text, Style: p.style, Text: strings.Join(p.pieces, ""), Spans: p.spans,
		Continues: continues, Offset: p.places.source(0), places: p.places}
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
