package vocoder

import "math"

const (
	// LeastPitch is in hertz: there, and below, is no voice.
	LeastPitch  = 40
	highestTone = 11000 // hertz; no harmonic lies above
	// mostPitch keeps out what no voice has.
	mostPitch = highestTone
	// peak is how near to the middle of a pulse, where all harmonics have the
	// amplitude 1, it counts as the middle. So it is in the sound that the
	// network learned with.
	peak = 2e-3
)

// pulses is a pulse train, made frame by frame.
type pulses struct {
	pitch []float32
	// phase counts half turns in units of 2^-63, or, what comes to the same
	// since the sine of a half turn more differs by its sign only, and a
	// pulse is a quotient of two such sines, turns in units of 2^-64. As a
	// whole number it does not depend on the order in which it is summed.
	phase uint64
	// harmonics is how many the last sample had.
	harmonics float64
	// near is how much of the nearer frame's pitch each sample has; the rest
	// is of its other neighbour.
	near [Hop]float32
	sine [sineSteps]sine
}

const sineSteps = 1024

// sine is a sine with its two derivatives, for steps of a turn.
type sine struct{ value, slope, bend float64 }

func (p *pulses) fill() {
	for j := range p.near {
		x := math.Abs((float64(j)+0.5)/Hop - 0.5)
		p.near[j] = float32(1 - x)
	}
	for i := range p.sine {
		s, c := math.Sincos(2 * math.Pi * (float64(i) + 0.5) / sineSteps)
		p.sine[i] = sine{s, 2 * math.Pi * c, -2 * math.Pi * math.Pi * s}
	}
}

func (p *pulses) start(pitch []float32) {
	p.pitch, p.phase, p.harmonics = pitch, 0, 0
}

// hertz is the pitch of a frame, the first and the last ones' outside. It may be
// negative, which matters to what lies between frames.
func (p *pulses) hertz(frame int) float32 {
	return limit(p.pitch[max(0, min(frame, len(p.pitch)-1))], -mostPitch, mostPitch)
}

// perHertz is how far the phase goes in a sample.
const perHertz = (1 << 63) / float64(SampleRate)

// slowest is how far it goes where there is no voice.
const slowest = uint64(LeastPitch * perHertz)

// next makes the Hop samples around the middle of a frame, which is the next,
// and reports whether any is voiced.
func (p *pulses) next(frame int, out *[Hop]float32) (voiced bool) {
	before, here, after := p.hertz(frame-1), p.hertz(frame), p.hertz(frame+1)
	first := p.half((*[Hop / 2]float32)(out[:]), (*[Hop / 2]float32)(p.near[:]), here, before)
	last := p.half((*[Hop / 2]float32)(out[Hop/2:]), (*[Hop / 2]float32)(p.near[Hop/2:]), here, after)
	return first || last
}

// skip moves on by a frame, as next does.
func (p *pulses) skip(frame int) {
	before, here, after := p.hertz(frame-1), p.hertz(frame), p.hertz(frame+1)
	for j, near := range p.near {
		other := before
		if j >= Hop/2 {
			other = after
		}
		_, p.phase = step(p.phase, here, other, near)
	}
}

// step is the pitch at a sample and the phase there.
func step(phase uint64, here, other, near float32) (hertz float64, next uint64) {
	hertz = float64(mul(here, near) + mul(other, 1-near))
	if hertz > LeastPitch {
		return hertz, phase + uint64(int64(hertz*perHertz))
	}
	return hertz, phase + slowest
}

// half makes the samples on one side of a frame's middle. Each is the sum of
// the cosines of all harmonics at its phase, in closed form.
func (p *pulses) half(out, nears *[Hop / 2]float32, here, other float32) (voiced bool) {
	if here <= LeastPitch && other <= LeastPitch {
		p.phase += Hop / 2 * slowest
		clear(out[:])
		return false
	}
	phase, harmonics := p.phase, p.harmonics
	for j, near := range nears {
		var hertz float64
		hertz, phase = step(phase, here, other, near)
		if hertz <= LeastPitch {
			out[j] = 0
			continue
		}
		voiced = true
		// The products are exact, so that this does not depend on the past.
		if top := harmonics * hertz; top > highestTone || top+hertz <= highestTone {
			harmonics = math.Floor(highestTone / hertz)
		}
		below := 2 * p.sin(phase)
		if below <= peak && below >= -peak {
			out[j] = float32(harmonics)
		} else {
			out[j] = float32(p.sin(phase*uint64(2*int64(harmonics)+1))/below - 0.5)
		}
	}
	p.phase, p.harmonics = phase, harmonics
	return voiced
}

// sin is the sine of a part of a turn, in units of 2^-64.
func (p *pulses) sin(turn uint64) float64 {
	s := &p.sine[turn>>54]
	x := float64(int64(turn<<10>>12)-1<<51) * (1.0 / (1 << 52) / sineSteps)
	return s.value + float64(x*(s.slope+float64(x*s.bend)))
}
