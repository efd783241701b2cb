package synth

import (
	"context"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/speech"
)

// Request is what a client wishes to hear.
type Request struct {
	// Exactly one of Text, SSML, Markup (plain text with pause tags) and
	// Turns is the input.
	Text, SSML, Markup string
	Turns              []Turn
	// StrictSSML refuses what else is passed over in SSML: elements that are not
	// known, and recordings that cannot be had.
	StrictSSML bool
	// Voice says which voice to look for. Turns bring their own.
	Voice voices.Wish
	// Pronunciations hold wherever their phrase stands in the input as a
	// whole word or words, letter by letter, outside of phoneme elements.
	Pronunciations []Pronunciation
	// Lexicons are names of the server's lexicons that hold, too.
	Lexicons []string
	// Prosody holds for the whole input.
	Prosody speech.Prosody
	// Effects are ids of device profiles, applied in this order.
	Effects []string
	// Encoding is a format's name in the API, such as "LINEAR16".
	Encoding string
	// SampleRate of the output; 0 is the voice's own, or the next one that
	// the encoding can carry.
	SampleRate audio.SampleRate
	// Longest is how long the sound may be, as far as that can be known before
	// it is spoken; 0 means DefaultLongest.
	Longest time.Duration
	// Captions asks for the time of every word.
	Captions bool
}

// Turn is what one of several speakers says.
type Turn struct {
	Voice voices.Wish
	Text  string
}

// Pronunciation says how a phrase is spoken: in IPA, or in other words.
type Pronunciation struct {
	Phrase, IPA, Spoken string
}

// Clips is where the sounds that documents name are found. A library of
// package clip is one.
type Clips interface {
	// Open returns the sound at src. If it is an io.Closer it is closed. An
	// error says that it cannot be played; context.Cause(ctx) when ctx ended.
	Open(ctx context.Context, src string) (audio.Stream, error)
}
