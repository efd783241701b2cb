package ssml

import "math"

// The bounds of a [Style]: what goes beyond is brought back to them.
const (
	minRate           = 0.25
	maxRate           = 4
	maxPitchSemitones = 20 // up and down
	maxGainDB         = 40 // up; down there is no bound
)

// Style is how words are said. Two of the same walk are equal (==) if they
// would sound the same.
type Style struct {
	// Rate is a factor of speed; 1 is the voice's own.
	Rate float64
	// PitchSemitones shifts the voice; 0 is its own pitch.
	PitchSemitones float64
	// GainDB is a change of level; 0 is none, minus infinity is silence that
	// lasts as long as the words would.
	GainDB float64
	// Voice is what the innermost voice element asks for; nil is the
	// request's voice.
	Voice *Voice
	// Language is the BCP-47 tag of the innermost lang within that voice;
	// empty is the voice's own.
	Language string
}

// Voice is what a voice element asks for (docs/contract.md 4.8): a name, or at
// least one of the others. Empty fields were not given.
type Voice struct {
	Name string
	// Gender is male, female or neutral.
	Gender string
	// Variant breaks a tie: 1 is the first of those that fit. 0 is none.
	Variant int
	// Language is a BCP-47 tag.
	Language string
	// Required and Ordering hold "name", "gender", "variant" and "language":
	// those without which the request fails, and those preferred, the first
	// most.
	Required, Ordering []string
}

// manner is one share of a style: a factor of speed, semitones, decibels.
type manner struct{ rate, pitch, gain float64 }

func (m manner) and(n manner) manner {
	return manner{m.rate * n.rate, m.pitch + n.pitch, m.gain + n.gain}
}

var unchanged = manner{rate: 1}

// delivery is a style in the making. Its shares are kept apart because a label
// of prosody replaces what the prosody around it asked for, an emphasis the
// emphasis around it, and a google:style the one around it.
type delivery struct {
	prosody, emphasis, expression manner
	voice                         *Voice
	language                      string
}

var plain = delivery{prosody: unchanged, emphasis: unchanged, expression: unchanged}

func (d delivery) style() Style {
	m := d.prosody.and(d.emphasis).and(d.expression)
	return Style{
		Rate:           min(max(m.rate, minRate), maxRate),
		PitchSemitones: min(max(m.pitch, -maxPitchSemitones), maxPitchSemitones),
		GainDB:         min(m.gain, maxGainDB),
		Voice:          d.voice,
		Language:       d.language,
	}
}

// The labels of prosody. W3C has their order but no numbers. Rates are about
// what other services use, pitches a minor third and twice that, volumes such
// that x-loud does not overload a voice at its usual level.
var (
	rates   = map[string]float64{"x-slow": 0.5, "slow": 0.75, "medium": 1, "fast": 1.25, "x-fast": 1.75, "default": 1}
	pitches = map[string]float64{"x-low": -6, "low": -3, "medium": 0, "high": 3, "x-high": 6, "default": 0}
	volumes = map[string]float64{"silent": math.Inf(-1), "x-soft": -12, "soft": -6, "medium": 0, "loud": 3, "x-loud": 6, "default": 0}
)

// emphases are the levels of emphasis; "none" takes the one around away.
var emphases = map[string]manner{
	"strong":   {0.88, 2, 3},
	"moderate": {0.94, 1, 1.5},
	"none":     unchanged,
	"reduced":  {1.06, -1, -3},
}

// expressions are the styles of google:style, approximated.
var expressions = map[string]manner{
	"apologetic": {0.92, -1, -2},
	"calm":       {0.9, -1, -1},
	"empathetic": {0.95, -0.5, -1},
	"firm":       {0.97, -1, 2},
	"lively":     {1.08, 2, 1},
}

// enter is d inside e.
func (d delivery) enter(e *Element, voices map[voiceKey]*Voice) delivery {
	switch e.Name {
	case "prosody":
		d.prosody = d.prosody.changed(e)
	case "emphasis":
		level, ok := e.Attribute("level")
		if !ok {
			level = "moderate"
		}
		d.emphasis = emphases[level]
	case "google:style":
		name, _ := e.Attribute("name")
		d.expression = expressions[name]
	case "voice":
		d.voice, d.language = newVoice(e, voices), ""
	case "lang", "p", "s":
		if language, ok := e.Attribute("xml:lang"); ok {
			d.language = language
		}
	}
	return d
}

// changed is m with the attributes of the prosody e: labels are absolute,
// numbers change what m has.
func (m manner) changed(e *Element) manner {
	for _, a := range e.Attributes {
		switch a.Name {
		case "rate":
			if rate, ok := rates[a.Value]; ok {
				m.rate = rate
			} else if factor, ok := parseRate(a.Value); ok {
				m.rate = min(max(m.rate*factor, minRate), maxRate)
			}
		case "pitch":
			if pitch, ok := pitches[a.Value]; ok {
				m.pitch = pitch
			} else if change, ok := parsePitch(a.Value); ok {
				m.pitch = min(max(m.pitch+change, -maxPitchSemitones), maxPitchSemitones)
			}
		case "volume":
			if gain, ok := volumes[a.Value]; ok {
				m.gain = gain
			} else if change, ok := parseDecibels(a.Value, true); ok {
				m.gain = min(m.gain+change, maxGainDB)
			}
		}
	}
	return m
}
