package synth

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/ssml"
)

// Plan checks req completely and lays it out. After it only engines, clips and
// writers can fail. Errors are *fault.Error about a Field of this package, of
// package voices or of package encode.
func (s *Synth) Plan(ctx context.Context, req Request) (*Plan, error) {
	wish := req.Voice
	if len(req.Turns) > 0 {
		wish = req.Turns[0].Voice
	}
	voice, err := s.engines.Catalogue().Match(wish)
	if err != nil {
		return nil, err
	}
	rate, err := s.outputRate(req, voice)
	if err != nil {
		return nil, err
	}
	for _, id := range req.Effects {
		if !slices.Contains(dsp.Profiles(), id) {
			return nil, fmt.Errorf("synth: there is no device profile %q", id)
		}
	}
	if err := s.checkLexicons(req.Lexicons); err != nil {
		return nil, err
	}
	l := &layout{
		synth: s, ctx: ctx, captions: req.Captions, named: req.Lexicons,
		phrases: newPhrases(req.Pronunciations),
		base:    s.speaker(voice, wish.Language), fetched: map[string]bool{},
	}
	if err := l.inTurn(req); err != nil {
		return nil, err
	}
	if err := l.checkLost(); err != nil {
		return nil, fault.From(err).In(inputField(req))
	}
	p := &Plan{
		Unread: l.lost,
		Settings: Settings{
			Voice: l.base.voice.Name, Prosody: req.Prosody, Effects: req.Effects,
			Encoding: req.Encoding, SampleRate: rate, Captions: req.Captions,
		},
		Segments: l.segments,
	}
	if l.document != nil {
		p.Ignored = l.document.Ignored
	}
	if len(l.fetched) > 0 {
		p.Document = rand.Text()
	}
	if err := p.checkLength(inputField(req), req.Longest); err != nil {
		return nil, err
	}
	return p, nil
}

// longInput is the length from which texts are planned on all cores but one, in
// bytes: a megabyte takes a tenth of a second, and others want to be heard.
const longInput = 64 << 10

// inTurn is input, when there is a core for it.
func (l *layout) inTurn(req Request) error {
	if len(req.Text)+len(req.SSML)+len(req.Markup) < longInput {
		return l.input(req)
	}
	select {
	case l.synth.planning <- struct{}{}:
		defer func() { <-l.synth.planning }()
	case <-l.ctx.Done():
		return context.Cause(l.ctx)
	}
	return l.input(req)
}

// What faults of a request's input are about: what it is given as, or its sound.
const (
	FieldText   = "text"
	FieldSSML   = "SSML"
	FieldMarkup = "markup"
	FieldTurns  = "turns"
	FieldSound  = "sound"
)

func inputField(req Request) string {
	switch {
	case req.SSML != "":
		return FieldSSML
	case req.Markup != "":
		return FieldMarkup
	case len(req.Turns) > 0:
		return FieldTurns
	}
	return FieldText
}

// outputRate is the rate of the file that req asks for.
func (s *Synth) outputRate(req Request, voice speech.Voice) (audio.SampleRate, error) {
	format, err := s.formats.Lookup(req.Encoding)
	if err != nil {
		return 0, err
	}
	rate := req.SampleRate
	if rate == 0 {
		rate = format.RateFor(audio.SampleRate(voice.NaturalSampleRateHertz))
	}
	return rate, format.CheckRate(rate)
}

// input lays out the input of req.
func (l *layout) input(req Request) error {
	switch {
	case req.SSML != "":
		doc, err := ssml.Parse(req.SSML, ssml.Limits{Source: l.synth.sources, Lenient: !req.StrictSSML})
		if err != nil {
			return fault.From(err).In(FieldSSML)
		}
		l.document = doc
		for segment := range doc.Segments() {
			if err := l.segment(segment); err != nil {
				return fault.From(err).In(FieldSSML)
			}
		}
	case req.Markup != "":
		for segment := range ssml.Markup(req.Markup) {
			if err := l.segment(segment); err != nil {
				return fault.From(err).In(FieldMarkup)
			}
		}
	case len(req.Turns) > 0:
		return l.turns(req.Turns)
	default:
		l.run(run{text: req.Text, speaker: l.base, blankLines: true})
		l.trimPauses()
	}
	return nil
}

func (l *layout) turns(turns []Turn) error {
	for i, turn := range turns {
		voice, err := l.synth.engines.Catalogue().Match(turn.Voice)
		if err != nil {
			return err
		}
		if i > 0 {
			l.addPause(turnPause)
		}
		l.run(run{text: turn.Text, speaker: l.synth.speaker(voice, turn.Voice.Language)})
	}
	l.trimPauses()
	return nil
}
