package synth

import (
	"cmp"
	"slices"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/speech"
)

// Settings are what all of a plan has in common. They are plain values, fit to
// be stored and read back by a later release.
type Settings struct {
	// Voice is the public name of the voice.
	Voice      string           `json:"voice"`
	Prosody    speech.Prosody   `json:"prosody,omitzero"`
	Effects    []string         `json:"effects,omitempty"`
	Encoding   string           `json:"encoding"`
	SampleRate audio.SampleRate `json:"sampleRate"`
	// Document is what the parts of a document that fetches sounds know each
	// other by; empty for others.
	Document string `json:"document,omitempty"`
	// Captions says that words have cues.
	Captions bool `json:"captions,omitempty"`
}

// Segment is one step of a plan: exactly one of a sentence or a piece of one
// (Text), a pause, a bleep, a clip and a mix. With none of them set it only
// carries marks.
type Segment struct {
	// Text is words, clean enough for any engine.
	Text string `json:"t,omitempty"`
	// Voice speaks Text; empty means that of the settings.
	Voice string `json:"v,omitempty"`
	// Prosody comes on top of that of the settings: rates multiply, pitches
	// and gains add up.
	Prosody        speech.Prosody         `json:"r,omitzero"`
	Pronunciations []speech.Pronunciation `json:"n,omitempty"`
	// Continues says that the sentence goes on in the next segment, so that
	// no pause belongs between them.
	Continues bool `json:"c,omitempty"`
	// Marks and Words are places in Text; marks of anything else are at its
	// start. Words are there when captions are asked for.
	Marks []Mark `json:"m,omitempty"`
	Words []Word `json:"w,omitempty"`

	// Pause is how long nothing is heard.
	Pause time.Duration `json:"p,omitempty"`
	// Bleep is how long a bleep covers what shall not be heard.
	Bleep time.Duration `json:"b,omitempty"`
	Clip  *ClipPlan     `json:"a,omitempty"`
	Mix   *MixPlan      `json:"x,omitempty"`
}

// Mark is a named place.
type Mark struct {
	Name string `json:"n"`
	// At is the byte of the segment's text before which it stands.
	At int `json:"a,omitempty"`
}

// Word is a word as it was written, and where in a segment's text it is spoken.
type Word struct {
	speech.Token
	Written string `json:"w"`
	// Last says that it ends its sentence.
	Last bool `json:"l,omitempty"`
}

// ClipPlan is a clip and what is done with it, in the order of the fields.
type ClipPlan struct {
	Source string `json:"src"`
	// Begin and End cut it; End is -1 for the whole.
	Begin time.Duration `json:"begin,omitempty"`
	End   time.Duration `json:"end"`
	// Speed is a factor; 1 is the clip's own.
	Speed float64 `json:"speed"`
	// Count is how often it plays, for at most For; For is -1 for no limit.
	Count  int           `json:"count"`
	For    time.Duration `json:"for"`
	GainDB float64       `json:"gainDb,omitempty"`
	// Fallback is spoken when the clip cannot be played.
	Fallback []Segment `json:"fallback,omitempty"`
}

// MixPlan is a container of sounds that play together or one after the other.
type MixPlan struct {
	// Parallel says that children count from the container's begin, else
	// each counts from the end of the one before.
	Parallel   bool      `json:"par,omitempty"`
	Begin, End *Time     `json:",omitempty"`
	Children   []MixPart `json:"children"`
}

// MixPart is exactly one of a container and a medium.
type MixPart struct {
	Mix   *MixPlan `json:"mix,omitempty"`
	Media *Media   `json:"media,omitempty"`
}

// Media is one sound of a mix.
type Media struct {
	ID         string        `json:"id,omitempty"`
	Begin, End *Time         `json:",omitempty"`
	Count      int           `json:"count"`
	For        time.Duration `json:"for"` // -1: no limit
	GainDB     float64       `json:"gainDb,omitempty"`
	FadeIn     time.Duration `json:"fadeIn,omitempty"`
	FadeOut    time.Duration `json:"fadeOut,omitempty"`
	Segments   []Segment     `json:"segments"`
}

// Time is an offset, from the begin or the end of the medium ID, or, without
// one, from where the container's rule counts.
type Time struct {
	ID     string        `json:"id,omitempty"`
	AtEnd  bool          `json:"atEnd,omitempty"`
	Offset time.Duration `json:"offset"`
}

// Plan is a checked request, laid out in the order of speech. It is plain
// values, fit to be stored, and can be spoken as a whole or in parts.
type Plan struct {
	Settings
	Segments []Segment `json:"segments"`
	// Ignored is what of the request's SSML was passed over, such as "<w>". It
	// is for whoever made the request, and not kept.
	Ignored []string `json:"-"`
	// Unread are the scripts of text that no voice reads and that is left out,
	// such as "Han"; for whoever made the request, too.
	Unread []string `json:"-"`
}

// Voices are the names of the voices that speak, in the order in which they are
// first heard; none when nothing is spoken.
func (p *Plan) Voices() []string {
	var names []string
	p.eachVoice(p.Segments, func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	})
	return names
}

// Silent reports whether nothing will be heard of the plan but pauses.
func (p *Plan) Silent() bool {
	for i := range p.Segments {
		if !p.Segments[i].silent() {
			return false
		}
	}
	return true
}

func (p *Plan) eachVoice(segments []Segment, hear func(name string)) {
	for i := range segments {
		s := &segments[i]
		if s.Text != "" {
			hear(cmp.Or(s.Voice, p.Voice))
		}
		if s.Clip != nil {
			p.eachVoice(s.Clip.Fallback, hear)
		}
		if s.Mix != nil {
			p.eachVoiceOf(s.Mix, hear)
		}
	}
}

func (p *Plan) eachVoiceOf(m *MixPlan, hear func(name string)) {
	for _, c := range m.Children {
		if c.Mix != nil {
			p.eachVoiceOf(c.Mix, hear)
		} else {
			p.eachVoice(c.Media.Segments, hear)
		}
	}
}

// silent reports whether s is a pause, a mark or nothing at all.
func (s *Segment) silent() bool {
	return s.Text == "" && s.Bleep == 0 && s.Clip == nil && s.Mix == nil
}

// weight is about how much work a segment is, in bytes of text.
func (s *Segment) weight() int64 {
	n := int64(len(s.Text))
	if s.Clip != nil {
		n += clipWeight + weightOf(s.Clip.Fallback)
	}
	if s.Mix != nil {
		n += s.Mix.weight()
	}
	return n
}

// clipWeight is what fetching and decoding a clip is counted as.
const clipWeight = 500

func (m *MixPlan) weight() (n int64) {
	for _, c := range m.Children {
		if c.Mix != nil {
			n += c.Mix.weight()
		} else {
			n += weightOf(c.Media.Segments)
		}
	}
	return n
}

func weightOf(segments []Segment) (n int64) {
	for i := range segments {
		n += segments[i].weight()
	}
	return n
}
