package synth

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/ssml"
	"github.com/lectern/lectern/textnorm"
)

const (
	// firstClause and laterClause are how long a clause must be, in bytes, to be
	// spoken before its sentence has ended: the first of all early, so that
	// something is heard, others only when the sentence is very long.
	firstClause, laterClause = 24, 240
	// wordsBehind is how many words must follow a clause.
	wordsBehind = 3
	// mostContext is how much of what was let go is kept for its sentence's sake.
	mostContext = 2 << 10
	// mostHeld is how much text is held back at most, though nothing in it shows where
	// a sentence ends: a table of numbers, a line drawn with signs.
	mostHeld = 8 << 10
)

// piece is what a draft lets go: exactly one of a sentence, or a piece of one,
// the end of a paragraph, and a pause.
type piece struct {
	text      string
	continues bool // the sentence goes on in the next
	paragraph bool
	pause     time.Duration
}

// draft is a text that is still being written. What it lets go is the text, every
// byte once and in order.
type draft struct {
	strict, markup bool
	// divides reports whether a beginning of a sentence is read the same when it
	// is spoken by itself, up to the byte at.
	divides func(sentence string, at int) bool

	// text begins where its first sentence does, so that whether that has ended
	// is seen as in the whole. done of its bytes were let go.
	text  string
	done  int
	begun bool   // something was let go
	tag   string // of markup: what may be the beginning of a tag
	out   []piece
}

// add takes more text. whole says that its end is where its writer made a cut.
func (d *draft) add(fragment string, whole bool) []piece {
	if d.markup {
		fragment = d.tags(d.tag + fragment)
	}
	d.write(fragment, whole && d.tag == "")
	return d.taken()
}

// flush lets go of all, though the text may go on.
func (d *draft) flush() []piece {
	d.write(d.tag, false)
	d.tag = ""
	d.let(len(d.text))
	return d.taken()
}

// end lets go of all; what comes behind is another text.
func (d *draft) end() []piece {
	d.write(d.tag, false)
	d.tag = ""
	d.finish()
	return d.taken()
}

// pending reports whether there is something to let go.
func (d *draft) pending() bool { return d.tag != "" || !blank(d.text[d.done:]) }

// withinWord reports whether the text ends where a word, or a tag, may go on.
func (d *draft) withinWord() bool {
	end, _ := utf8.DecodeLastRuneInString(d.text)
	return d.tag != "" || inWord(end) || end == utf8.RuneError
}

func (d *draft) taken() []piece {
	out := d.out
	d.out = nil
	return out
}

func (d *draft) finish() {
	d.settle(len(d.text))
	d.text, d.done = "", 0
}

// tags finishes the text before each tag of a text of markup, and returns what is
// behind the last. What may be the beginning of a tag is kept.
func (d *draft) tags(text string) string {
	d.tag = ""
	at := 0
	for s := range ssml.Markup(text) {
		if s.Kind == ssml.Break {
			d.write(text[at:s.Offset], false)
			d.finish()
			d.out = append(d.out, piece{pause: s.Pause})
			at = s.Offset + strings.IndexByte(text[s.Offset:], ']') + 1
		}
	}
	text = text[at:]
	if open := strings.LastIndexByte(text, '['); open >= 0 && ssml.MayBePause(text[open:]) {
		text, d.tag = text[:open], text[open:]
	}
	return text
}

// write adds text and lets go of what may be spoken.
func (d *draft) write(fragment string, whole bool) {
	before := d.text[:d.done]
	fresh := blank(d.text[d.done:]) && (blank(before) || textnorm.Complete(before))
	d.text += fragment
	d.settle(textnorm.Settled(d.text))
	if !d.strict {
		if whole && fresh && textnorm.Complete(d.text[d.done:]) {
			d.let(len(d.text))
		}
		d.clause()
	}
	if len(d.text) > mostContext {
		d.settle(d.lastSentence())
	}
	if held := len(d.text) - d.done; held > mostHeld {
		d.settle(len(d.text) - mostHeld/2)
	}
	if d.done > mostContext {
		d.text, d.done = d.text[d.done:], 0
	}
}

// settle lets go of the sentences that end by the byte upTo, and forgets them.
func (d *draft) settle(upTo int) {
	forget := 0
	for s := range textnorm.Sentences(d.text, 0) {
		if s.End > upTo {
			break
		}
		d.give(s.Start, s.End)
		if s.EndsParagraph && s.End < len(d.text) && !d.markup {
			d.out = append(d.out, piece{paragraph: true})
		}
		if !s.Continues {
			forget = s.End
		}
	}
	d.text, d.done = d.text[forget:], max(d.done-forget, 0)
}

// let lets go of all up to the byte end, which is in the last sentence, without
// forgetting that one. White space stays: it may become a paragraph's end.
func (d *draft) let(end int) {
	last := d.lastSentence()
	d.settle(last)
	end = len(strings.TrimRightFunc(wholeCharacters(d.text[:end-last]), unicode.IsSpace))
	for s := range textnorm.Sentences(d.text, 0) {
		d.give(s.Start, min(s.End, end))
	}
}

// wholeCharacters is text without the beginning of a character at its end.
func wholeCharacters(text string) string {
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if at := len(text) - back; utf8.RuneStart(text[at]) {
			if !utf8.FullRuneInString(text[at:]) {
				return text[:at]
			}
			break
		}
	}
	return text
}

// lastSentence is where the last sentence begins.
func (d *draft) lastSentence() int {
	last, start := 0, 0
	for s := range textnorm.Sentences(d.text, 0) {
		last = start
		if !s.Continues {
			start = s.End
		}
	}
	return last
}

// give lets go of what is left of a stretch of text.
func (d *draft) give(start, end int) {
	start = max(start, d.done)
	if end <= start {
		return
	}
	d.out = append(d.out, piece{text: d.text[start:end]})
	d.done = end
	d.begun = d.begun || textnorm.Speakable(d.text[start:end])
}

// clause lets go of the first clause of the unfinished sentence, if it is long.
func (d *draft) clause() {
	least := laterClause
	if !d.begun {
		least = firstClause
	}
	rest := d.text[d.done:]
	if len(rest) <= least {
		return
	}
	for s := range textnorm.Sentences(rest, 0) {
		sentence := s.Of(rest)
		for at, c := range sentence {
			at += utf8.RuneLen(c)
			if at >= least && strings.ContainsRune(",;:", c) && clauseEnds(sentence, at) && d.divides(sentence, at) {
				d.out = append(d.out, piece{text: sentence[:at], continues: true})
				d.done += at
				d.begun = true
				return
			}
		}
		return
	}
}

// clauseEnds reports whether the sign before the byte at of a sentence divides
// it, between words in which nothing depends on the other side.
func clauseEnds(sentence string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(sentence[:at-1])
	behind := sentence[at:]
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(behind, " "))
	return unicode.IsLetter(before) && strings.HasPrefix(behind, " ") && unicode.IsLower(next) && len(strings.Fields(behind)) > wordsBehind
}

// divides is that of a draft.
func (l *layout) divides(sentence string, at int) bool {
	inWords := func(text string) (words string, phrases int) {
		s := l.fixed(run{speaker: l.base}, text, 0, nil)
		return l.base.words.Sentence(text, s.fixed).Text, len(s.fixed)
	}
	words, phrases := inWords(sentence)
	before, n := inWords(sentence[:at])
	behind, m := inWords(sentence[at:])
	return phrases == n+m && words == before+" "+behind
}

func spanOf(text string) textnorm.Span { return textnorm.Span{End: len(text)} }

func blank(text string) bool { return strings.TrimSpace(text) == "" }
