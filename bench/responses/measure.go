package main

import (
	"math"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

// rate is what is measured at: the highest, so that no filter is left out.
const rate audio.SampleRate = 48000

// curve is a measured function, by rising x.
type curve []point

type point struct{ x, y float64 }

// at is the curve at x, which is one of its points or lies between two.
func (c curve) at(x float64) float64 {
	for i := 1; i < len(c); i++ {
		if a, b := c[i-1], c[i]; x <= b.x {
			return a.y + (b.y-a.y)*(x-a.x)/(b.x-a.x)
		}
	}
	return c[len(c)-1].y
}

// measureFrequencies is the gain in dB against that at 1 kHz, by hertz from 20
// to 20,000. It is the spectrum of what becomes of an impulse so soft that no
// compressor stirs.
func measureFrequencies(effect dsp.Effect) (curve, error) {
	impulse := audio.Buffer{Rate: rate, Samples: make([]float32, rate/2)}
	impulse.Samples[0] = 1e-3
	out, err := audio.ReadAll(effect(impulse.Stream()))
	if err != nil {
		return nil, err
	}
	gain := func(hertz float64) float64 {
		re, im := 0.0, 0.0
		sin, cos := math.Sincos(2 * math.Pi * hertz / float64(rate))
		a, b := 1.0, 0.0 // turns by the frequency with each frame
		for _, v := range out.Samples {
			re += a * float64(v)
			im += b * float64(v)
			a, b = a*cos-b*sin, a*sin+b*cos
		}
		return 20 * math.Log10(math.Hypot(re, im)/1e-3)
	}
	against := gain(1000)
	var c curve
	for i := range 121 { // 40 a decade
		hertz := 20 * math.Pow(10, float64(i)/40)
		c = append(c, point{hertz, gain(hertz) - against})
	}
	return c, nil
}

// measureLevels is the power of a steady sine of 1 kHz behind the effect, by
// that before it, both in dB below a power of 1.
func measureLevels(effect dsp.Effect) (curve, error) {
	var c curve
	for level := -60.0; level <= -5; level += 2.5 {
		sine := audio.Buffer{Rate: rate, Samples: make([]float32, rate)}
		for i := range sine.Samples {
			sine.Samples[i] = float32(math.Sqrt2 * math.Pow(10, level/20) * math.Sin(2*math.Pi*1000*float64(i)/float64(rate)))
		}
		out, err := audio.ReadAll(effect(sine.Stream()))
		if err != nil {
			return nil, err
		}
		sum := 0.0
		second := out.Samples[rate/2:]
		for _, v := range second {
			sum += float64(v) * float64(v)
		}
		c = append(c, point{level, 10 * math.Log10(sum/float64(len(second)))})
	}
	return c, nil
}
