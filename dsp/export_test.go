package dsp

// What tests from outside look at.

var (
	Concat    = concatenated
	Amplitude = amplitudeOf
	FadeInOut = fadedInOut
	Fade      = faded
)

const (
	MinRate      = minRate
	MaxRate      = maxRate
	MaxSemitones = maxSemitones
	MinSpeed     = minSpeed
	MaxSpeed     = maxSpeed
)
