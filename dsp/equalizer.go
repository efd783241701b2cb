package dsp

import (
	"fmt"
	"math"

	"github.com/lectern/lectern/audio"
)

// shape is what a filter of an equalizer does.
type shape string

const (
	highPassShape  shape = "high-pass" // of fourth order, Butterworth
	lowPassShape   shape = "low-pass"  // of sixth order, Butterworth
	rumbleShape    shape = "rolloff"   // high-pass of second order, Butterworth
	peakShape      shape = "peak"
	lowShelfShape  shape = "low shelf"
	highShelfShape shape = "high shelf"
)

// band is one filter of an equalizer. dB and q matter to peaks and shelves.
type band struct {
	shape shape
	hertz float64
	dB, q float64
}

// highestBand is the part of the Nyquist frequency up to which a band is used.
// What lies above is not in the sound.
const highestBand = 0.9

// sections is the band at a rate.
func (b band) sections(rate float64) []biquad {
	if b.hertz > highestBand*rate/2 {
		return nil
	}
	switch b.shape {
	case highPassShape:
		return []biquad{highPass(rate, b.hertz, butterworth(4, 0)), highPass(rate, b.hertz, butterworth(4, 1))}
	case lowPassShape:
		return []biquad{lowPass(rate, b.hertz, butterworth(6, 0)), lowPass(rate, b.hertz, butterworth(6, 1)), lowPass(rate, b.hertz, butterworth(6, 2))}
	case rumbleShape:
		return []biquad{highPass(rate, b.hertz, butterworth(2, 0))}
	case peakShape:
		return []biquad{peaking(rate, b.hertz, b.q, b.dB)}
	case lowShelfShape:
		return []biquad{lowShelf(rate, b.hertz, b.q, b.dB)}
	case highShelfShape:
		return []biquad{highShelf(rate, b.hertz, b.q, b.dB)}
	}
	return nil
}

// butterworth is the quality of section k of a filter of even order.
func butterworth(order, k int) float64 {
	return 1 / (2 * math.Cos(math.Pi*(2*float64(k)+1)/(2*float64(order))))
}

func (b band) String() string {
	hertz := fmt.Sprintf("%.0f Hz", b.hertz)
	if b.hertz >= 1000 {
		hertz = fmt.Sprintf("%.1f kHz", b.hertz/1000)
	}
	switch b.shape {
	case highPassShape:
		return "high-pass " + hertz + ", 24 dB/octave"
	case lowPassShape:
		return "low-pass " + hertz + ", 36 dB/octave"
	case rumbleShape:
		return "high-pass " + hertz + ", 12 dB/octave"
	}
	return fmt.Sprintf("%s %s %+.1f dB", b.shape, hertz, b.dB)
}

// equalize passes s through bands.
func equalize(s audio.Stream, bands []band) audio.Stream {
	e := &equalizer{source: s}
	for _, b := range bands {
		e.sections = append(e.sections, b.sections(float64(s.SampleRate()))...)
	}
	return e
}

type equalizer struct {
	source   audio.Stream
	sections []biquad
	block    [readAhead]float64
}

func (e *equalizer) SampleRate() audio.SampleRate { return e.source.SampleRate() }

func (e *equalizer) Read(p []float32) (int, error) {
	n, err := e.source.Read(p[:min(len(p), readAhead)])
	block := e.block[:n]
	for i, v := range p[:n] {
		block[i] = float64(v)
	}
	for i := range e.sections {
		e.sections[i].filter(block)
	}
	for i, v := range block {
		p[i] = float32(v)
	}
	return n, err
}
