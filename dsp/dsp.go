// Package dsp changes sound: each function takes a stream and returns a
// stream of its own that pulls from it.
//
// Streams returned here keep the contract of [audio.Stream]: memory is
// bounded, what is read does not depend on the sizes of the blocks asked for,
// and an error of the source is passed on as it is, after the frames that came
// before it; those that read ahead may keep the last of these back. The same
// sound gives the same frames every time. None of them owns its source, but for
// what [Mix] and [Repeat] open, or is safe for concurrent use.
//
// A voice goes through [Prosody], [Gain], the effects of [Profile] and [Limit],
// in this order.
package dsp

import (
	"math"

	"github.com/lectern/lectern/audio"
)

// amplitudeOf is the factor that a change of dB decibels makes.
func amplitudeOf(dB float64) float64 { return math.Pow(10, dB/20) }

// Gain makes s louder by dB decibels, or softer when dB is negative. It does
// not clip. Zero dB returns s itself.
func Gain(s audio.Stream, dB float64) audio.Stream {
	if dB == 0 {
		return s
	}
	return &gain{source: s, factor: float32(amplitudeOf(dB))}
}

type gain struct {
	source audio.Stream
	factor float32
}

func (g *gain) SampleRate() audio.SampleRate { return g.source.SampleRate() }

func (g *gain) Read(p []float32) (int, error) {
	n, err := g.source.Read(p)
	for i := range p[:n] {
		p[i] *= g.factor
	}
	return n, err
}
