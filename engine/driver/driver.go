// Package driver is what the author of a speech engine implements.
//
// An [Engine] is deliberately as small as the weakest engine needs. Prove an
// implementation with enginetest.Run, which is its only necessary test.
// Applications use package engine, never this one.
package driver

import (
	"context"
	"errors"
	"fmt"

	"github.com/lectern/lectern/speech"
)

// Engine makes speech, one utterance at a time.
//
// Info may be called at any time. Speak is called by one goroutine at a time
// (callers that want more at once make more engines). Close is called once,
// when no Speak is running; it frees everything, child processes included.
type Engine interface {
	// Info tells what the engine is and can do. It never changes.
	Info() Info

	// Speak says u into sink and returns when the last frame was taken.
	//
	// It returns nil when the whole utterance was given to sink; sink's own
	// error, unwrapped, when sink refused; context.Cause(ctx) when ctx ended,
	// within milliseconds of that and with the engine idle again, or, if it had
	// to be killed for it, an error that is also ErrCrashed; otherwise an error
	// that errors.Is one of the kinds below. Sound given to sink
	// before an error stays given. Text without anything to speak is no
	// error: no sound, or silence, is given and nil returned.
	Speak(ctx context.Context, u speech.Utterance, sink Sink) error

	Close() error
}

// Transcriber is an engine that can tell how it reads text, for others who make
// the sound. It is optional; Abilities.Transcribes says the same.
type Transcriber interface {
	// Transcribe tells the phonemes of u's words, in order and without overlap.
	// They are those of the words in this text, with their weak forms and what
	// passes between neighbours. Words without a sound are left out, and so are
	// the marks between clauses: what stands between two tokens tells them.
	//
	// u.Voice is a voice's EngineName, or any other name of a way to read that
	// the engine knows. u.Pronunciations are heeded where Speak does so, in the
	// sounds that the voice has; u.Prosody and u.Patient mean nothing.
	//
	// It is called as Speak is, never at the same time as that, and returns the
	// same errors.
	Transcribe(ctx context.Context, u speech.Utterance) ([]speech.Transcribed, error)
}

// Yielder is an engine that can give way to others on the same machine. It is
// optional.
type Yielder interface {
	// Yield has the engine stand back from now on: whoever listens goes first. That
	// is for good, since few systems let a program take a priority back. It is called
	// as Speak is, never at the same time as that, and may be called again.
	Yield()
}

// Sink takes what an engine makes. Its methods are called from Speak only, by
// one goroutine at a time. An error means stop: Speak returns it soon.
type Sink interface {
	// Audio takes frames at the voice's natural sample rate, in order. The
	// slice is the caller's again on return.
	Audio(frames []int16) error
	// Event takes the place of one word in the sound. Events come in order
	// of Start and may run ahead of the sound or lag behind it.
	Event(e Event) error
}

// Event says where in the sound a word of the utterance is heard.
type Event struct {
	// Token is the word's place in the text, in bytes.
	Token speech.Token `json:"token"`
	// StartFrame and EndFrame count from the utterance's first frame.
	StartFrame int64 `json:"startFrame"`
	EndFrame   int64 `json:"endFrame"`
}

// Info describes an engine.
type Info struct {
	// Name is lower-case ASCII, such as "flite"; unique among linked engines.
	Name string `json:"name"`
	// Version is the engine's own, such as "2.2".
	Version string `json:"version"`
	// License is an SPDX expression for what the engine's process links.
	License string         `json:"license"`
	Voices  []speech.Voice `json:"voices"`
	// Abilities say which prosody the engine does by itself.
	Abilities Abilities `json:"abilities"`
	// VoiceAbilities are those of voices that differ, by their EngineName.
	VoiceAbilities map[string]Abilities `json:"voiceAbilities,omitempty"`
}

// AbilitiesOf are the abilities of a voice, by its EngineName.
func (i Info) AbilitiesOf(engineName string) Abilities {
	if own, ok := i.VoiceAbilities[engineName]; ok {
		return own
	}
	return i.Abilities
}

// Abilities are the ranges of prosody an engine does natively, both ends
// included. A zero Range means: not at all, only the voice's own.
type Abilities struct {
	Rate           Range `json:"rate"`
	PitchSemitones Range `json:"pitchSemitones"`
	// Deterministic says that the same utterance gives the same frames.
	Deterministic bool `json:"deterministic"`
	// WordEvents says that Sink.Event is called for words.
	WordEvents bool `json:"wordEvents"`
	// Pronunciations says that speech.Utterance.Pronunciations are heeded.
	Pronunciations bool `json:"pronunciations,omitempty"`
	// TranscribedBy is for an engine that does not read by itself: the name, as
	// speech.Utterance.Voice has it, of the voice with which a Transcriber reads
	// utterances for it. They come with speech.Utterance.Transcribed.
	TranscribedBy string `json:"transcribedBy,omitempty"`
	// Transcribes says that the engine is a Transcriber. It counts in
	// Info.Abilities, for all voices.
	Transcribes bool `json:"transcribes,omitempty"`
}

// Check returns nil when p lies within a, else an error that is ErrProsody. The
// voice's own rate and pitch always do; gain never does, since it is applied
// to the finished sound.
func (a Abilities) Check(p speech.Prosody) error {
	switch {
	case p.Speed() != 1 && !a.Rate.Holds(p.Speed()):
		return fmt.Errorf("%w: rate %g", ErrProsody, p.Speed())
	case p.PitchSemitones != 0 && !a.PitchSemitones.Holds(p.PitchSemitones):
		return fmt.Errorf("%w: pitch %+g semitones", ErrProsody, p.PitchSemitones)
	case p.GainDB != 0:
		return fmt.Errorf("%w: gain %+g dB", ErrProsody, p.GainDB)
	}
	return nil
}

// Range is a closed interval. The zero value holds nothing.
type Range struct {
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

// Holds reports whether x lies in r.
func (r Range) Holds(x float64) bool { return r != Range{} && r.Min <= x && x <= r.Max }

// The kinds of errors of Speak, for errors.Is.
var (
	// ErrCrashed: the engine's process ended or broke the protocol. The
	// engine is unusable from then on and only fit to be closed.
	ErrCrashed = errors.New("engine crashed")
	// ErrVoice: the utterance names a voice that the engine does not have.
	ErrVoice = errors.New("no such voice")
	// ErrProsody: the utterance asks for prosody beyond Abilities.
	ErrProsody = errors.New("prosody beyond the engine's abilities")
	// ErrFailed: this utterance could not be spoken; others may.
	ErrFailed = errors.New("engine could not speak the utterance")
)
