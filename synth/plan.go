package synth

import (
	"iter"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/ssml"
	"github.com/lectern/lectern/textnorm"
)

// paragraphPause is added between paragraphs, on top of the pause that an
// engine makes at the end of a sentence.
const paragraphPause = 350 * time.Millisecond

// Request is what a client wishes to hear.
type Request struct {
	// Text or SSML is the input; exactly one is set.
	Text, SSML string
	// Voice says which voice to look for.
	Voice engine.Wish
	// Prosody holds for the whole input.
	Prosody speech.Prosody
	// Encoding is a format's name in the API, such as "LINEAR16".
	Encoding string
	// SampleRate of the output; 0 is the voice's own, or the next one that
	// the encoding can carry.
	SampleRate audio.SampleRate
}

// Settings are what all of a plan has in common. They are plain values, fit to
// be stored and read back by a later release.
type Settings struct {
	// Voice is the public name of the voice.
	Voice      string           `json:"voice"`
	Prosody    speech.Prosody   `json:"prosody,omitzero"`
	Encoding   string           `json:"encoding"`
	SampleRate audio.SampleRate `json:"sampleRate"`
}

// Segment is one step of a plan: a sentence, or a pause.
type Segment struct {
	// Text is one sentence, clean enough for any engine; empty for a pause.
	Text string `json:"t,omitempty"`
	// Pause is how long nothing is heard.
	Pause time.Duration `json:"p,omitempty"`
}

// Plan is a checked request, laid out in the order of speech. It is plain
// values, fit to be stored, and can be spoken as a whole or in parts.
type Plan struct {
	Settings
	Segments []Segment `json:"segments"`
}

// Plan checks req completely and lays it out. After it only engines and
// writers can fail. Errors are *fault.Error with the API's field.
func (s *Synth) Plan(req Request) (*Plan, error) {
	voice, err := s.engines.Catalogue().Match(req.Voice)
	if err != nil {
		return nil, err
	}
	if err := s.checkProsody(voice, req.Prosody); err != nil {
		return nil, err
	}
	format, err := s.formats.Lookup(req.Encoding)
	if err != nil {
		return nil, err
	}
	natural := audio.SampleRate(voice.NaturalSampleRateHertz)
	rate := req.SampleRate
	if rate == 0 {
		rate = format.RateFor(natural)
	}
	if err := format.CheckRate(rate); err != nil {
		return nil, err
	}
	p := &Plan{Settings: Settings{Voice: voice.Name, Prosody: req.Prosody, Encoding: req.Encoding, SampleRate: rate}}
	if req.SSML == "" {
		p.addText(req.Text)
		p.trimPauses()
		return p, nil
	}
	doc, err := ssml.Parse(req.SSML, ssml.Limits{})
	if err != nil {
		return nil, fault.From(err).In("input.ssml")
	}
	p.addDocument(doc.Segments())
	return p, nil
}

// checkProsody refuses what the voice's engine does not do by itself. Gain is
// done here, for every voice.
func (s *Synth) checkProsody(voice speech.Voice, p speech.Prosody) error {
	can := s.engines.Abilities(voice)
	if speed := p.Speed(); speed != 1 && !can.Rate.Holds(speed) {
		if can.Rate.Max == 0 {
			return fault.Invalid("audio_config.speaking_rate", "%v cannot be had: voice %s speaks at its own rate only.", speed, voice.Name)
		}
		return fault.Invalid("audio_config.speaking_rate", "%v cannot be had: voice %s speaks at %v to %v times its own rate.",
			speed, voice.Name, can.Rate.Min, can.Rate.Max)
	}
	if st := p.PitchSemitones; st != 0 && !can.PitchSemitones.Holds(st) {
		if can.PitchSemitones.Max == 0 {
			return fault.Invalid("audio_config.pitch", "%v cannot be had: voice %s speaks at its own pitch only. Voices of flite can be shifted.", st, voice.Name)
		}
		return fault.Invalid("audio_config.pitch", "%v cannot be had: voice %s can be shifted by %v to %v semitones.",
			st, voice.Name, can.PitchSemitones.Min, can.PitchSemitones.Max)
	}
	return nil
}

func (p *Plan) addText(text string) {
	for s := range textnorm.Sentences(text, 0) {
		if sentence := s.Of(text); textnorm.Speakable(sentence) {
			p.Segments = append(p.Segments, Segment{Text: textnorm.Clean(sentence).Text})
		}
		if s.EndsParagraph {
			p.addPause(paragraphPause)
		}
	}
}

// addPause adds to the pause that stands at the end already, if any.
func (p *Plan) addPause(d time.Duration) {
	if d <= 0 {
		return
	}
	if last := len(p.Segments) - 1; last >= 0 && p.Segments[last].Text == "" {
		p.Segments[last].Pause += d
		return
	}
	p.Segments = append(p.Segments, Segment{Pause: d})
}

// trimPauses removes the pauses that no one asked for: those of paragraphs
// without speech on either side.
func (p *Plan) trimPauses() {
	for len(p.Segments) > 0 && p.Segments[0].Text == "" {
		p.Segments = p.Segments[1:]
	}
	for last := len(p.Segments) - 1; last >= 0 && p.Segments[last].Text == ""; last-- {
		p.Segments = p.Segments[:last]
	}
}

func (p *Plan) addDocument(segments iter.Seq[ssml.Segment]) {
	paragraph := false // a paragraph ended and nothing was spoken since
	for s := range segments {
		switch s.Kind {
		case ssml.Text:
			if paragraph {
				p.addPause(paragraphPause)
				paragraph = false
			}
			p.addRun(s.Text)
		case ssml.Break:
			p.addPause(s.Pause)
		case ssml.ParagraphStart, ssml.ParagraphEnd:
			paragraph = len(p.Segments) > 0
		}
	}
}

// addRun adds the sentences of one run of text inside a document, where blank
// lines mean nothing.
func (p *Plan) addRun(text string) {
	for s := range textnorm.Sentences(text, 0) {
		if sentence := s.Of(text); textnorm.Speakable(sentence) {
			p.Segments = append(p.Segments, Segment{Text: textnorm.Clean(sentence).Text})
		}
	}
}
