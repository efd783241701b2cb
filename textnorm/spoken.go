package textnorm

import (
	"sort"
	"unicode"
	"unicode/utf8"
)

// Fixed is a piece of a text that is said exactly as given, whatever is
// written: the reading of a say-as, a word of a phoneme, the alias of a sub. To
// the rules around it it is one word that they do not know.
type Fixed struct {
	Span
	Spoken string
}

// Spoken is text in words, with the way back to what was written.
type Spoken struct {
	// Text is words and the punctuation between them, under the promises of
	// [Cleaned.Text].
	Text string
	// Words are the words of Text in order. What is between them is white
	// space and punctuation.
	Words []Word
	// Dropped are the pieces of the source that are neither white space nor
	// anything that Text has, in order: characters without a name in the
	// language, and what [Clean] drops. They do not overlap.
	Dropped []Span

	length int // of the source
}

// Word is one spoken word.
type Word struct {
	Span // where it is in Spoken.Text
	// Source is where in the text given it is written. Words read from one
	// written piece, such as "three dollars" from "$3", share its span.
	Source Span
}

// Source is the byte of the source from which byte i of Text comes, at worst
// the first byte of the piece that was read as one. i may be len(Text), which
// leads behind the last word and the punctuation after it.
func (s Spoken) Source(i int) int {
	next := sort.Search(len(s.Words), func(k int) bool { return s.Words[k].Start > i })
	if next == 0 {
		if len(s.Words) == 0 {
			return min(i, s.length)
		}
		return max(0, s.Words[0].Source.Start-(s.Words[0].Start-i))
	}
	w := s.Words[next-1]
	if i < w.End {
		shared := next > 1 && s.Words[next-2].Source == w.Source || next < len(s.Words) && s.Words[next].Source == w.Source
		if !shared && w.End-w.Start == w.Source.End-w.Source.Start {
			return w.Source.Start + i - w.Start // as written
		}
		return w.Source.Start
	}
	from := min(w.Source.End+i-w.End, s.length)
	if next < len(s.Words) {
		from = min(from, s.Words[next].Source.Start)
	}
	return max(from, w.Source.Start)
}

// droppedIn finds the runs of characters of text that [Clean] drops.
func droppedIn(text string) []Span {
	var spans []Span
	for i := 0; i < len(text); {
		if c := text[i]; c >= ' ' && c < 0x7F {
			i++
			continue
		}
		c, size := utf8.DecodeRuneInString(text[i:])
		if dropped(c) && !unicode.IsSpace(c) {
			if last := len(spans) - 1; last >= 0 && spans[last].End == i {
				spans[last].End += size
			} else {
				spans = append(spans, Span{i, i + size})
			}
		}
		i += size
	}
	return spans
}
