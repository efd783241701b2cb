package synth

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/ssml"
	"github.com/lectern/lectern/textnorm"
)

// run is a piece of text that one speaker says in one way.
type run struct {
	text    string
	spans   []ssml.Span // in order, not overlapping
	speaker speaker
	prosody speech.Prosody
	// continues says that its last sentence goes on behind it.
	continues bool
	// blankLines says that they end paragraphs; in a document they mean nothing.
	blankLines bool
	source     func(int) int
}

// run lays out the sentences of a run.
func (l *layout) run(r run) {
	rest := 0
	for i, span := range r.spans {
		if !isBleep(span) {
			continue
		}
		before := r.part(rest, span.Start, r.spans[:i])
		before.continues = true
		l.sentences(before)
		l.add(Segment{Bleep: bleepLength(r.text[span.Start:span.End]), Prosody: r.prosody, Continues: true})
		rest = span.End
	}
	l.sentences(r.part(rest, len(r.text), r.spans))
}

// part is the bytes from start to end of a run, with those of spans that lie
// within.
func (r run) part(start, end int, spans []ssml.Span) run {
	if start == 0 && end == len(r.text) {
		return r
	}
	p := r
	p.text, p.spans = r.text[start:end], nil
	for _, s := range spans {
		if s.Start >= start && s.End <= end {
			s.Start -= start
			s.End -= start
			p.spans = append(p.spans, s)
		}
	}
	return p
}

func isBleep(s ssml.Span) bool {
	return s.SayAs != nil && s.SayAs.InterpretAs == "expletive"
}

func bleepLength(text string) time.Duration {
	n := utf8.RuneCountInString(strings.TrimSpace(text))
	return min(max(time.Duration(n)*bleepCharacter, bleepLeast), bleepMost)
}

// sentences lays out the sentences of a run without bleeps.
func (l *layout) sentences(r run) {
	start, rest := 0, r.spans
	for s := range textnorm.Sentences(r.text, 0) {
		if s.End < len(r.text) && slices.ContainsFunc(rest, func(span ssml.Span) bool { return span.Start < s.End && s.End < span.End }) {
			continue // what is special is never cut
		}
		last := s.End == len(r.text)
		within := 0
		for within < len(rest) && (rest[within].Start < s.End || last) {
			within++
		}
		l.sentence(r, textnorm.Span{Start: start, End: s.End}, rest[:within], r.continues && last)
		if s.EndsParagraph && r.blankLines {
			l.addPause(paragraphPause)
		}
		start, rest = s.End, rest[within:]
	}
	if r.text == "" {
		l.marks(rest)
	}
}

// marks adds marks that no words surround.
func (l *layout) marks(spans []ssml.Span) {
	for _, s := range spans {
		if s.Mark != "" {
			l.add(Segment{Marks: []Mark{{Name: s.Mark}}})
		}
	}
}

// sayable lays out one sentence, or what of it a run holds, in the script of its
// speaker. spans are those within, counted from the run's start.
func (l *layout) sayable(r run, at textnorm.Span, spans []ssml.Span, continues bool) {
	text := at.Of(r.text)
	given := l.fixed(r, text, at.Start, spans)
	if !textnorm.Speakable(text) && len(given.fixed) == 0 {
		l.unspoken(text, nil)
		l.marks(spans)
		return
	}
	spoken := r.speaker.words.Sentence(text, given.fixed)
	l.unspoken(text, spoken.Dropped)
	if strings.TrimSpace(spoken.Text) == "" {
		l.marks(spans)
		return
	}
	s := Segment{Text: spoken.Text, Prosody: r.prosody, Continues: continues}
	if r.speaker.voice.Name != l.base.voice.Name {
		s.Voice = r.speaker.voice.Name
	}
	s.Pronunciations = given.pronunciations(spoken)
	for _, m := range given.marks {
		s.Marks = append(s.Marks, Mark{Name: m.Name, At: spokenAt(spoken, m.At)})
	}
	if l.captions {
		s.Words = wordsOf(text, spoken, !continues)
	}
	l.add(s)
}

// spokenAt is the byte of a spoken sentence at which the written byte at, or
// what follows it, is given.
func spokenAt(s textnorm.Spoken, at int) int {
	for _, w := range s.Words {
		if w.Source.Start >= at {
			return w.Start
		}
	}
	return len(s.Text)
}

// wordsOf are the words as they were written, with their punctuation: what
// stands between white space.
func wordsOf(text string, spoken textnorm.Spoken, ends bool) []Word {
	var words []Word
	var sources []textnorm.Span
	for _, w := range spoken.Words {
		last := len(words) - 1
		if last >= 0 && (w.Source.Start < sources[last].End || !strings.ContainsFunc(text[sources[last].End:w.Source.Start], unicode.IsSpace)) {
			words[last].End = w.End
			sources[last].End = max(sources[last].End, w.Source.End)
			continue
		}
		sources = append(sources, w.Source)
		words = append(words, Word{Token: speech.Token{Start: w.Start, End: w.End}})
	}
	from := 0
	for i := range words {
		to := len(text)
		if i+1 < len(sources) {
			// Punctuation between two words belongs to the first, up to the
			// last space; what follows that opens the second.
			end, next := sources[i].End, sources[i+1].Start
			to = end + strings.LastIndexFunc(text[end:next], unicode.IsSpace)
		}
		words[i].Written = strings.Join(strings.Fields(text[from:to]), " ")
		from = to
	}
	if ends && len(words) > 0 {
		words[len(words)-1].Last = true
	}
	return words
}
