package dsp

import (
	"math"
	"slices"
)

// grain is a piece of the source that is set into the result.
type grain struct {
	from   float64 // its middle in the source
	to     float64 // where that is set in the result
	voiced bool
	turned bool // plays backwards
	level  float64
	// left and right are how far the marks beside it are, if it is voiced.
	left, right float64
}

// continues reports whether b goes on in the source where a comes to.
func (b grain) continues(a grain) bool {
	if a.turned != b.turned {
		return false
	}
	way := b.from - a.from
	if a.turned {
		way = -way
	}
	return math.Abs(way-(b.to-a.to)) < 0.05
}

// side is the half of a grain, as a direction.
type side int

const (
	before side = -1
	after  side = 1
)

const (
	shapeSteps = 1024
	// A frame between frames is made of readTaps frames by one of readPhases
	// filters, which pass 80 % of the band.
	readTaps   = 8
	readPhases = 64
)

// cutter cuts halves out of a sound, at any place between frames.
type cutter struct {
	// hann falls from 1 to 0 so that it and its mirror add up to 1; the
	// squares of slow do. Different sounds that cross fade need the latter.
	hann, slow [shapeSteps + 1]float32
	between    [readPhases + 1][readTaps]float32
	period     []float32
}

func newCutter() *cutter {
	c := new(cutter)
	for i := range c.hann {
		x := math.Cos(math.Pi / 2 * float64(i) / shapeSteps)
		c.hann[i], c.slow[i] = float32(x*x), float32(x)
	}
	for phase := range c.between {
		at := float64(phase)/readPhases + readTaps/2 - 1
		sum := 0.0
		var row [readTaps]float64
		for i := range row {
			x := float64(i) - at
			row[i] = math.Pow(math.Cos(math.Pi/2*x/(readTaps/2+0.01)), 2)
			if x != 0 {
				row[i] *= math.Sin(math.Pi*x) / (math.Pi * x)
			}
			sum += row[i]
		}
		for i, v := range row {
			c.between[phase][i] = float32(v / sum)
		}
	}
	return c
}

// cut adds one half of g, width frames wide under shape, to mix.
func (c *cutter) cut(sound *history, g grain, which side, width float64, shape *[shapeSteps + 1]float32, mix *overlap) {
	first := int(math.Ceil(g.to - width))
	last := int(math.Ceil(g.to)) - 1
	if which == after {
		first, last = int(math.Ceil(g.to)), int(math.Floor(g.to+width))
	}
	frames, skipped := mix.from(first, last-first+1)
	if len(frames) == 0 {
		return
	}
	first += skipped
	// at is where the first frame lies in the source, forward how it goes on.
	forward := 1
	at := g.from + (float64(first) - g.to)
	if g.turned {
		forward = -1
		at = g.from - (float64(first) - g.to)
	}
	whole := math.Floor(at)
	phase := int(math.Round((at - whole) * readPhases))
	// steps counts along the shape.
	steps, perFrame := math.Abs(float64(first)-g.to)/width*shapeSteps, float64(which)/width*shapeSteps
	exact := phase == 0 || phase == readPhases
	x, i := int(whole), 0
	if phase == readPhases {
		x++
	}
	taps := &c.between[phase]
	low, high := x-readTaps, x+len(frames)+readTaps
	if g.turned {
		low, high = x-len(frames)-readTaps, x+readTaps
	}
	sound.reach(high) // a failure shows elsewhere
	source := sound.from(low)
	level := float32(g.level)
	for n := range frames {
		v := float32(0)
		i = x - low
		if exact {
			v = source[i]
		} else {
			s := source[i-readTaps/2+1 : i+readTaps/2+1 : i+readTaps/2+1]
			for k := range taps {
				v += taps[k] * s[k]
			}
		}
		// Rounding keeps both sides of a joint mirrored.
		frames[n] += v * shape[min(int(steps+0.5), shapeSteps)] * level
		steps += perFrame
		x += forward
	}
}

// evenLevel is the level at which the voiced grain g, set again and again at
// the distance spacing, has the power that the source has around it.
func (c *cutter) evenLevel(sound *history, g grain, spacing float64) float64 {
	n := int(math.Round(spacing))
	c.period = slices.Grow(c.period[:0], n)[:n]
	clear(c.period)
	middle := int(math.Round(g.from))
	left, right := int(g.left), int(g.right)
	if !sound.reach(middle + right + 1) {
		return 1
	}
	power := 0.0
	at := n - left%n // of the period
	for i, v := range sound.from(middle - left)[:left+right+1] {
		steps := 0
		if i < left {
			steps = (left - i) * shapeSteps / (left + 1)
		} else {
			steps = (i - left) * shapeSteps / (right + 1)
		}
		w := c.hann[steps]
		power += float64(v*v) * float64(w)
		if at >= n {
			at -= n
		}
		c.period[at] += v * w
		at++
	}
	folded := 0.0
	for _, v := range c.period {
		folded += float64(v * v)
	}
	// The window's own sum is the mean of both periods.
	power /= (g.left + g.right) / 2
	folded /= spacing
	if power < 1e-10 || folded < 1e-10 {
		return 1
	}
	return max(0.25, min(4, math.Sqrt(power/folded)))
}
