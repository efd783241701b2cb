package vocoder

import "io"

// Vocoder makes the sound of one [Spectrum] after the other. It is made by [New]
// and not for concurrent use.
type Vocoder struct {
	tables tables
	pulses pulses
	framer framer
	mix    mix

	spectrum Spectrum
	seed     uint64
	// frame is the next to be made, frames where they end; hop is the next to
	// be given out, hops where they end.
	frame, frames int
	hop, hops     int
	first         bool // nothing is made yet

	// source is the pulse train from two hops before frame, sounding which of
	// its hops are voiced, and made up to which frame it is there.
	source   [(tile + margin) * Hop]float32
	sounding [tile + margin]bool
	made     int
	// sums are the frames laid over each other, from the start of frame.
	sums [(tile + margin) * Hop]float32

	// ready are samples to be given out.
	block [(tile + margin) * Hop]float32
	ready []float32
}

// Before and Behind are how many frames before and behind the wanted ones sound
// into them.
const (
	Before = 1
	Behind = 2
)

// margin is how many hops a frame is longer than the way to the next.
const margin = size/Hop - 1

// New makes a Vocoder, with all the memory it will ever use.
func New() *Vocoder {
	v := &Vocoder{}
	v.tables.fill()
	v.pulses.fill()
	v.framer.fill()
	return v
}

// Start begins with the sound of s from one frame up to another, without the
// latter; the whole is from 0 to the number of frames, and what lies outside that
// is left out. The samples of a frame k are those from k*Hop, and they do not depend
// on which others are wanted. s must not change until its sound was read. What the
// last Start began is forgotten. Rows are asked for in order, and each is had once:
// from Before frames before the first to Behind frames behind the last.
//
// The noise is made of the seed.
func (v *Vocoder) Start(s Spectrum, seed uint64, from, to int) {
	all := len(s.PitchHertz)
	v.spectrum, v.frame, v.frames, v.hop, v.hops, v.ready = Spectrum{}, 0, 0, 0, 0, nil
	from = max(0, from)
	to = min(to, all)
	if from >= to {
		return
	}
	v.spectrum, v.seed = s, seed
	v.hop, v.hops = from, to
	// Frames begin two hops before their middle and end two behind.
	v.frame, v.frames = max(0, from-Before), min(all, to+Behind)
	v.pulses.start(s.PitchHertz)
	clear(v.sums[:])
	for v.made = 0; v.made < v.frame-2; v.made++ {
		v.pulses.skip(v.made)
	}
	v.first = true
}

// Read gives the next samples, at most a tile's at once, and io.EOF after the
// last. It allocates nothing. Any other error is that of the rows, and ends the
// sound.
func (v *Vocoder) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(v.ready) == 0 {
		if v.hop == v.hops {
			v.spectrum = Spectrum{}
			return 0, io.EOF
		}
		if err := v.advance(); err != nil {
			v.hop = v.hops
			return 0, err
		}
	}
	n := copy(p, v.ready)
	v.ready = v.ready[n:]
	return n, nil
}
