package dsp

import (
	"fmt"
	"math"

	"github.com/lectern/lectern/audio"
)

// referenceLevel, in dB below full scale, is the power of speech at the
// loudness that voices have. A compressor's makeup gain keeps it.
const referenceLevel = -20.0

// dynamics are a compressor's settings. The zero value changes nothing.
type dynamics struct {
	threshold float64 // dB below full scale, of the power
	ratio     float64 // dB in for each dB out, above the threshold
	knee      float64 // dB over which the ratio sets in
	attack    float64 // seconds
	release   float64 // seconds
}

func (d dynamics) String() string {
	if d.ratio <= 1 {
		return "none"
	}
	return fmt.Sprintf("%.1f:1 above %.0f dB, knee %.0f dB, attack %.0f ms, release %.0f ms, makeup %+.1f dB",
		d.ratio, d.threshold, d.knee, 1000*d.attack, 1000*d.release, d.makeup())
}

// gain is the change in dB at a level in dB, without makeup (Giannoulis,
// Massberg and Reiss, Digital Dynamic Range Compressor Design, 2012).
func (d dynamics) gain(level float64) float64 {
	over := level - d.threshold
	slope := 1/d.ratio - 1
	switch {
	case 2*over <= -d.knee:
		return 0
	case 2*over < d.knee:
		return slope * (over + d.knee/2) * (over + d.knee/2) / (2 * d.knee)
	}
	return slope * over
}

// makeup is the gain in dB that leaves the reference level as it is.
func (d dynamics) makeup() float64 { return -d.gain(referenceLevel) }

// compress makes what is loud less so, and by the makeup gain all the rest
// louder. Its gain is worked out every 16 frames, and moves straight between.
func compress(s audio.Stream, d dynamics) audio.Stream {
	if d.ratio <= 1 {
		return s
	}
	hertz := float64(s.SampleRate())
	c := &compressor{source: s, dynamics: d, makeup: d.makeup(),
		attack: 1 - math.Exp(-1/(d.attack*hertz)), release: 1 - math.Exp(-1/(d.release*hertz))}
	c.now = amplitudeOf(c.makeup)
	return c
}

const gainEvery = 16 // frames

type compressor struct {
	source audio.Stream
	dynamics
	makeup          float64
	attack, release float64 // parts of the way for each frame

	power     float64
	now, step float64 // the gain, and how it moves
	n         int     // frames since it was worked out
}

func (c *compressor) SampleRate() audio.SampleRate { return c.source.SampleRate() }

func (c *compressor) Read(p []float32) (int, error) {
	n, err := c.source.Read(p)
	for i, v := range p[:n] {
		square := float64(v) * float64(v)
		if square > c.power {
			c.power += c.attack * (square - c.power)
		} else {
			c.power += c.release * (square - c.power)
		}
		p[i] = float32(float64(v) * c.now)
		c.now += c.step
		if c.n++; c.n == gainEvery {
			c.n = 0
			next := amplitudeOf(c.gain(10*math.Log10(c.power+1e-12)) + c.makeup)
			c.step = (next - c.now) / gainEvery
		}
	}
	return n, err
}
