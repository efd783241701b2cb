package synth

import (
	"log/slog"
	"slices"
	"strings"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/ssml"
	"github.com/lectern/lectern/textnorm"
)

// sentence lays out one sentence, or what of it a run holds: pieces in a script
// that its speaker's language is not written with are said by a voice of a
// language that is, of the speaker's engine if that has one. What no voice reads is
// left out and remembered. spans are those within, counted from the run's start.
func (l *layout) sentence(r run, at textnorm.Span, spans []ssml.Span, continues bool) {
	rest := at.Start
	foreign := textnorm.ForeignTo(r.speaker.language, at.Of(r.text))
	var known given
	if len(foreign) > 0 {
		l.dictionaries(r.speaker.language).in(at.Of(r.text), 0, &known)
	}
	for _, f := range foreign {
		if slices.ContainsFunc(known.fixed, func(k textnorm.Fixed) bool { return k.Start < f.End && f.Start < k.End }) {
			continue // a lexicon says how it is read
		}
		start, end := at.Start+f.Start, at.Start+f.End
		if slices.ContainsFunc(spans, func(s ssml.Span) bool { return s.Start < end && start < s.End }) {
			continue // an element says how it is read
		}
		who, ok := l.reader(r.speaker, f)
		// What is left of the sentence goes on behind it.
		more := strings.TrimSpace(r.text[end:at.End]) != ""
		if rest < start {
			spans = l.upTo(start, r, textnorm.Span{Start: rest, End: start}, spans, ok || more || continues)
		}
		if ok {
			foreign := r
			foreign.speaker = who
			spans = l.upTo(end, foreign, textnorm.Span{Start: start, End: end}, spans, more || continues)
		} else {
			l.unread(f, at.Of(r.text))
		}
		rest = end
	}
	if rest < at.End || rest == at.Start {
		l.sayable(r, textnorm.Span{Start: rest, End: at.End}, spans, continues)
	} else {
		l.marks(spans)
	}
}

// upTo lays out a piece of a sentence, which ends at a byte of its run, and
// returns the spans behind it.
func (l *layout) upTo(end int, r run, at textnorm.Span, spans []ssml.Span, continues bool) []ssml.Span {
	within := 0
	for within < len(spans) && spans[within].Start < end {
		within++
	}
	l.sayable(r, at, spans[:within], continues)
	return spans[within:]
}

// reader is who reads a piece in a script that the speaker's language is not
// written with.
func (l *layout) reader(main speaker, f textnorm.Foreign) (who speaker, ok bool) {
	if known, ok := l.readers[f.Languages[0]]; ok {
		return known, known.words != nil
	}
	defer func() {
		if l.readers == nil {
			l.readers = map[string]speaker{}
		}
		l.readers[f.Languages[0]] = who
	}()
	for _, tag := range f.Languages {
		voice := l.synth.engines.InLanguage(main.voice, tag)
		if voice.Name == main.voice.Name {
			var err error
			if voice, err = l.synth.engines.Catalogue().Match(voices.Wish{Language: tag, Gender: voice.Gender}); err != nil {
				continue
			}
		}
		return l.synth.speaker(voice, voice.Languages[0]), true
	}
	return speaker{}, false
}

// unread remembers, and tells the log, that no voice reads a piece of text.
func (l *layout) unread(f textnorm.Foreign, text string) {
	if !slices.Contains(l.lost, f.Script) {
		l.lost = append(l.lost, f.Script)
	}
	if l.synth.log.Enabled(l.ctx, slog.LevelDebug) {
		l.synth.log.Debug("no voice reads the script of a piece of text", "script", f.Script, "text", f.Of(text))
	}
}

// checkLost is an error where a script that no voice reads leaves nothing to speak.
func (l *layout) checkLost() error {
	if len(l.lost) == 0 || slices.ContainsFunc(l.segments, func(s Segment) bool { return s.Text != "" || s.Clip != nil || s.Mix != nil }) {
		return nil
	}
	return fault.New(fault.InvalidArgument, "No voice of this server reads this text, whose script is %s. Install a voice of a language that is written with it; lectern voices lists them.", strings.Join(l.lost, ", "))
}
