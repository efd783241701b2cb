package ssml

import (
	"iter"
	"strings"
	"time"
)

// pauses are the tags of markup (docs/contract.md 2.5) and their lengths,
// of which Google publishes none.
var pauses = []struct {
	tag    string
	length time.Duration
}{
	{"[pause short]", 250 * time.Millisecond},
	{"[pause]", 500 * time.Millisecond},
	{"[pause long]", time.Second},
}

// Markup reads plain text in which the tags [pause short], [pause] and
// [pause long] stand for pauses: it gives Text and Break segments in order. All
// else, other words in brackets too, is text. Offsets are bytes of text.
func Markup(text string) iter.Seq[Segment] {
	return func(yield func(Segment) bool) {
		// from is where the text begins that comes next; a tag is looked for
		// from at on.
		from, at := 0, 0
		for {
			open := strings.IndexByte(text[at:], '[')
			if open < 0 {
				yieldText(text, from, len(text), yield)
				return
			}
			at += open
			tag, length := leadingPause(text[at:])
			if tag == 0 {
				at++
				continue
			}
			if !yieldText(text, from, at, yield) || !yield(Segment{Kind: Break, Pause: length, Style: plain.style(), Offset: at}) {
				return
			}
			at += tag
			from = at
		}
	}
}

// leadingPause is the length of the tag that s begins with, 0 if with none, and
// the pause it stands for.
func leadingPause(s string) (tag int, length time.Duration) {
	for _, p := range pauses {
		if strings.HasPrefix(s, p.tag) {
			return len(p.tag), p.length
		}
	}
	return 0, 0
}

func yieldText(text string, from, to int, yield func(Segment) bool) bool {
	if blank(text[from:to]) {
		return true
	}
	return yield(Segment{Kind: Text, Style: plain.style(), Text: text[from:to], Offset: from, places: places{{source: from}}})
}

// MayBePause reports whether s is the beginning of a tag of [Markup] that is not
// whole yet.
func MayBePause(s string) bool {
	for _, p := range pauses {
		if len(s) < len(p.tag) && strings.HasPrefix(p.tag, s) {
			return true
		}
	}
	return false
}
