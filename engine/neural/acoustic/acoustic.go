// Package acoustic says what every neural model does, whatever its network:
// phonemes in; durations and sound out.
package acoustic

import "context"

// Model turns phonemes into sound. It may be used by one goroutine at a time.
type Model interface {
	// SampleRate is that of its sound, in hertz.
	SampleRate() int
	// MaxPhonemes is how many phonemes one Speak takes at most. Who has more
	// cuts them where a reader breathes.
	MaxPhonemes() int
	// Whole reports whether no sound of a Speak is there before all of it: then
	// whoever wants the first sound soon speaks little first.
	Whole() bool
	// Knows reports whether a character stands in the model's vocabulary.
	// Others have no sound, and Speak is not given them.
	Knows(phoneme rune) bool
	// Speak speaks in and returns when all of its sound was taken.
	//
	// It returns nil then; sink's own error, unwrapped, when sink refused;
	// context.Cause(ctx) when ctx ended, as soon as the step under way is over;
	// otherwise what went wrong. Afterwards the model is as good as before.
	// The same input gives the same samples, whatever was spoken before.
	Speak(ctx context.Context, in Input, sink Sink) error
	// Close frees the model.
	Close() error
}

// Input is what is spoken at once.
type Input struct {
	// Phonemes are characters of the model's vocabulary, punctuation and
	// spaces among them; 1 to MaxPhonemes.
	Phonemes []rune
	// Speed divides the durations; 0.25 to 4, 1 is the model's own.
	Speed float64
	// Pitch multiplies the pitch; 0 is the model's own. Models whose voices have no
	// Abilities.PitchSemitones are given none.
	Pitch float64
	// Seed is where the model's noise comes from, if it has any.
	Seed uint64
}

// Sink takes what a model makes. An error means stop.
type Sink interface {
	// Durations comes once, before any sound: how many samples each phoneme
	// lasts. The first is the silence before the first phoneme, the last that
	// after the last, so there are two more than phonemes; their sum is the
	// number of all samples.
	Durations(samples []int) error
	// Audio takes samples, full scale at ±1, in order. The slice is the
	// model's again on return.
	Audio(samples []float32) error
}
