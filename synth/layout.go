package synth

import (
	"context"
	"log/slog"
	"math"
	"time"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/ssml"
	"github.com/lectern/lectern/textnorm"
)

const (
	// paragraphPause is added between paragraphs, on top of the pause that an
	// engine makes at the end of a sentence.
	paragraphPause = 350 * time.Millisecond
	// turnPause is added between the turns of several speakers.
	turnPause = 200 * time.Millisecond
)

// The length of a bleep: about that of the word it covers.
const (
	bleepCharacter = 70 * time.Millisecond
	bleepLeast     = 300 * time.Millisecond
	bleepMost      = 1500 * time.Millisecond
)

// silentDB is a gain that leaves nothing of a sound, and can be stored.
const silentDB = -200

// layout turns a document or text into the segments of a plan.
type layout struct {
	synth    *Synth
	ctx      context.Context
	captions bool
	phrases  phrases
	named    []string // lexicons
	base     speaker
	document *ssml.Document // nil for plain text
	speakers map[styledVoice]speaker
	readers  map[string]speaker // of other scripts, by language; without words where there is none
	lost     []string           // the scripts that no voice reads, each once
	fetched  map[string]bool    // the sources of all of the document

	segments  []Segment
	paragraph bool // a paragraph ended and nothing was heard since
}

// speaker is a voice and what is known of it.
type speaker struct {
	voice     speech.Voice
	abilities engine.Abilities
	words     *textnorm.Normalizer
	language  string
}

// styledVoice is what of a style decides on the speaker.
type styledVoice struct {
	voice    *ssml.Voice
	language string
}

// speaker is the voice's own speaker: a plan names that one, so that a book is read
// to its end by who began it, whatever voices come meanwhile.
func (s *Synth) speaker(voice speech.Voice, language string) speaker {
	v, ok := s.engines.Voice(voice.Name)
	if !ok { // it has gone since it was chosen, as whoever speaks will find
		v.Voice = voice
	}
	return speaker{voice: v.Voice, abilities: v.Abilities, words: textnorm.ForLanguage(language), language: language}
}

// segment lays out one step of a document.
func (l *layout) segment(s ssml.Segment) error {
	switch s.Kind {
	case ssml.ParagraphStart, ssml.ParagraphEnd:
		l.paragraph = len(l.segments) > 0
		return nil
	case ssml.SentenceStart, ssml.SentenceEnd:
		return nil
	case ssml.Break:
		l.addBreak(s.Pause)
		return nil
	}
	if l.paragraph {
		l.addPause(paragraphPause)
		l.paragraph = false
	}
	switch s.Kind {
	case ssml.Text:
		who, err := l.speaker(s)
		if err != nil {
			return err
		}
		l.run(run{text: s.Text, spans: s.Spans, speaker: who, prosody: prosodyOf(s.Style), continues: s.Continues, source: s.Source})
	case ssml.Mark:
		l.add(Segment{Marks: []Mark{{Name: s.Name}}})
	case ssml.Audio:
		clip, err := l.clip(s.Clip)
		if err != nil {
			return err
		}
		l.add(Segment{Clip: clip})
	case ssml.Container:
		if n := mediaOf(s.Mix); n > maxMedia {
			return l.faultAt(fault.New(fault.InvalidArgument, "This container holds %d <media>, and at most %d are allowed. Put some of them into one of their own.", n, maxMedia), s.Offset)
		}
		mix, err := l.mix(s.Mix)
		if err != nil {
			return err
		}
		l.add(Segment{Mix: mix})
	}
	return nil
}

// inner lays out segments that are part of another one.
func (l *layout) inner(segments []ssml.Segment) ([]Segment, error) {
	within := *l
	within.segments, within.paragraph = nil, false
	for _, s := range segments {
		if err := within.segment(s); err != nil {
			return nil, err
		}
	}
	l.speakers, l.readers, l.lost = within.speakers, within.readers, within.lost
	return within.segments, nil
}

func (l *layout) add(s Segment) { l.segments = append(l.segments, s) }

// addPause adds to the pause that stands at the end already, if any.
func (l *layout) addPause(d time.Duration) {
	if d <= 0 {
		return
	}
	if last := len(l.segments) - 1; last >= 0 && l.segments[last].silent() {
		l.segments[last].Pause += d
		return
	}
	l.add(Segment{Pause: d})
}

// addBreak adds a pause; none at all says that the text's own be left out.
func (l *layout) addBreak(d time.Duration) {
	if last := len(l.segments) - 1; d == 0 && last >= 0 && l.segments[last].Text != "" {
		l.segments[last].Continues = true
		l.paragraph = false
	}
	l.addPause(d)
}

// trimPauses removes the pauses that no one asked for: those of paragraphs
// without speech on either side.
func (l *layout) trimPauses() {
	bare := func(s *Segment) bool { return s.silent() && len(s.Marks) == 0 }
	for len(l.segments) > 0 && bare(&l.segments[0]) {
		l.segments = l.segments[1:]
	}
	for last := len(l.segments) - 1; last >= 0 && bare(&l.segments[last]); last-- {
		l.segments = l.segments[:last]
	}
}

// speaker is who says a text of a document.
func (l *layout) speaker(s ssml.Segment) (speaker, error) {
	key := styledVoice{s.Style.Voice, s.Style.Language}
	if key == (styledVoice{}) {
		return l.base, nil
	}
	if known, ok := l.speakers[key]; ok {
		return known, nil
	}
	voice, language := l.base.voice, ""
	catalogue := l.synth.engines.Catalogue()
	if v := s.Style.Voice; v != nil {
		chosen, err := catalogue.Choose(voices.Choice{
			Name: v.Name, Language: v.Language, Gender: genderOf(v.Gender), Variant: v.Variant,
			Required: v.Required, Ordering: v.Ordering, Base: l.base.voice,
		})
		if err != nil {
			return speaker{}, l.faultAt(err, s.Offset)
		}
		voice, language = chosen, v.Language
	}
	if s.Style.Language != "" {
		language = s.Style.Language
		voice = l.synth.engines.InLanguage(voice, language)
	}
	if language == "" {
		language = voice.Languages[0]
	}
	who := l.synth.speaker(voice, language)
	if l.speakers == nil {
		l.speakers = map[styledVoice]speaker{}
	}
	l.speakers[key] = who
	return who, nil
}

func genderOf(name string) speech.Gender {
	for _, g := range []speech.Gender{speech.Male, speech.Female, speech.Neutral} {
		if g.String() == name {
			return g
		}
	}
	return speech.GenderUnspecified
}

// faultAt gives an error the place of a byte of the document.
func (l *layout) faultAt(err error, offset int) error {
	f := fault.From(err)
	if l.document == nil {
		return f
	}
	return f.At(l.document.Position(offset))
}

// prosodyOf is what of a style changes the sound.
func prosodyOf(s ssml.Style) speech.Prosody {
	p := speech.Prosody{Rate: s.Rate, PitchSemitones: s.PitchSemitones, GainDB: s.GainDB}
	if p.Rate == 1 {
		p.Rate = 0
	}
	if math.IsInf(p.GainDB, -1) || p.GainDB < silentDB {
		p.GainDB = silentDB
	}
	return p
}

func (l *layout) clip(c *ssml.Clip) (*ClipPlan, error) {
	if isFetched(c.Src) && !l.fetched[c.Src] {
		if len(l.fetched) == maxFetched {
			return nil, l.faultAt(fault.New(fault.InvalidArgument, "The document names more than %d sounds that are fetched. Leave some out, or put them on the server and name them clips:NAME (--clips).", maxFetched), c.Offset)
		}
		l.fetched[c.Src] = true
	}
	fallback, err := l.inner(c.Fallback)
	if err != nil {
		return nil, err
	}
	return &ClipPlan{
		Source: c.Src, Begin: c.Begin, End: c.End, Speed: c.Speed,
		Count: c.RepeatCount, For: c.RepeatDur, GainDB: c.GainDB, Fallback: fallback,
	}, nil
}

func (l *layout) mix(m *ssml.Mix) (*MixPlan, error) {
	p := &MixPlan{Parallel: m.Parallel, Begin: timeOf(m.Begin), End: timeOf(m.End)}
	for _, child := range m.Children {
		var part MixPart
		var err error
		switch child := child.(type) {
		case *ssml.Mix:
			part.Mix, err = l.mix(child)
		case *ssml.Media:
			part.Media, err = l.media(child)
		}
		if err != nil {
			return nil, err
		}
		p.Children = append(p.Children, part)
	}
	return p, nil
}

// mediaOf is how many media m holds.
func mediaOf(m *ssml.Mix) (n int) {
	for _, child := range m.Children {
		switch child := child.(type) {
		case *ssml.Mix:
			n += mediaOf(child)
		case *ssml.Media:
			n++
		}
	}
	return n
}

func (l *layout) media(m *ssml.Media) (*Media, error) {
	content, err := l.inner(m.Content)
	if err != nil {
		return nil, err
	}
	return &Media{
		ID: m.ID, Begin: timeOf(m.Begin), End: timeOf(m.End),
		Count: m.RepeatCount, For: m.RepeatDur, GainDB: m.GainDB,
		FadeIn: m.FadeIn, FadeOut: m.FadeOut, Segments: content,
	}, nil
}

func timeOf(t *ssml.Time) *Time {
	if t == nil {
		return nil
	}
	return &Time{ID: t.ID, AtEnd: t.AtEnd, Offset: t.Offset}
}

// unspoken tells the log what of a text cannot be spoken.
func (l *layout) unspoken(text string, dropped []textnorm.Span) {
	log := l.synth.log
	if len(dropped) == 0 || !log.Enabled(l.ctx, slog.LevelDebug) {
		return
	}
	for _, s := range dropped {
		log.Debug("a piece of text cannot be spoken", "text", s.Of(text), "sentence", text, "byte", s.Start)
	}
}
