package dsp

import (
	"io"
	"math"

	"github.com/lectern/lectern/audio"
)

// Loudness hears all of s and gives its integrated loudness in LUFS (ITU-R
// BS.1770-4, as EBU R 128 measures it, of one channel) and its true peak in dB
// relative to full scale. Of silence, and of sound shorter than 400 ms, the
// loudness is -Inf; so is the peak of silence. Memory is bounded: the gate's
// threshold is rounded to 0.01 LU.
func Loudness(s audio.Stream) (lufs, truePeakDB float64, err error) {
	m := newMeter(float64(s.SampleRate()))
	sound := newHistory(s, 2*peakTaps)
	for at := 0; ; {
		ok := sound.reach(at + readAhead + peakAhead)
		if !ok {
			return 0, 0, sound.err
		}
		n := readAhead
		if sound.err == io.EOF {
			n = min(n, sound.length-at)
		}
		if n <= 0 {
			// What the filters make of the end.
			m.peak(sound.from(at-peakTaps), peakTaps)
			return m.integrated(), 20 * math.Log10(float64(m.highest)), nil
		}
		m.loudness(sound.from(at)[:n])
		m.peak(sound.from(at-peakAhead), n)
		at += n
		sound.forget(at - peakTaps)
	}
}

const (
	// The weighting's two filters as analog ones, for any rate; at 48 kHz
	// they have the standard's coefficients.
	shelfHertz, shelfGain, shelfQ = 1681.974450955533, 3.999843853973347, 0.7071752369554196
	rumbleHertz, rumbleQ          = 38.13547087602444, 0.5003270373238773

	meterOffset  = -0.691 // LUFS of a mean square of 1
	absoluteGate = -70.0  // LUFS
	relativeGate = -10.0  // LU
	binsPerLU    = 100
	loudest      = 40.0 // LUFS of the last bin
)

type meter struct {
	shelf, rumble biquad
	weighted      [readAhead]float64
	// hundred is how many frames last 100 ms, which is how far the blocks of
	// 400 ms lie apart.
	hundred int
	n       int
	parts   [4]float64 // sums of the last hundreds
	filled  int
	bins    []struct {
		blocks int
		power  float64
	}

	peaks   *peakFinder
	highest float32
	// loud counts frames until the last that may make a higher peak is out of
	// the filters' sight.
	loud int
}

func newMeter(rate float64) *meter {
	// The shelf is not the cookbook's: its slope follows from the standard.
	k := math.Tan(math.Pi * shelfHertz / rate)
	high := math.Pow(10, shelfGain/20)
	band := math.Pow(high, 0.4996667741545416)
	m := &meter{peaks: newPeakFinder(), hundred: int(math.Round(rate / 10))}
	m.shelf = scaled(high+band*k/shelfQ+k*k, 2*(k*k-high), high-band*k/shelfQ+k*k,
		1+k/shelfQ+k*k, 2*(k*k-1), 1-k/shelfQ+k*k)
	k = math.Tan(math.Pi * rumbleHertz / rate)
	a0 := 1 + k/rumbleQ + k*k
	m.rumble = biquad{b0: 1, b1: -2, b2: 1, a1: 2 * (k*k - 1) / a0, a2: (1 - k/rumbleQ + k*k) / a0}
	m.bins = make([]struct {
		blocks int
		power  float64
	}, int((loudest-absoluteGate)*binsPerLU)+1)
	return m
}

func (m *meter) loudness(x []float32) {
	weighted := m.weighted[:len(x)]
	for i, v := range x {
		weighted[i] = float64(v)
	}
	m.shelf.filter(weighted)
	m.rumble.filter(weighted)
	for _, y := range weighted {
		m.parts[3] += y * y
		if m.n++; m.n == m.hundred {
			m.block()
		}
	}
}

// block ends 100 ms.
func (m *meter) block() {
	if m.filled++; m.filled >= 4 {
		power := (m.parts[0] + m.parts[1] + m.parts[2] + m.parts[3]) / float64(4*m.hundred)
		if l := lufsOf(power); l > absoluteGate {
			bin := &m.bins[int(min((l-absoluteGate)*binsPerLU, float64(len(m.bins)-1)))]
			bin.blocks++
			bin.power += power
		}
	}
	m.parts = [4]float64{m.parts[1], m.parts[2], m.parts[3], 0}
	m.n = 0
}

func lufsOf(power float64) float64 { return meterOffset + 10*math.Log10(power) }

func (m *meter) integrated() float64 {
	gated := lufsOf(m.meanFrom(0)) + relativeGate
	if math.IsNaN(gated) {
		return math.Inf(-1)
	}
	from := min(max(0, math.Round((gated-absoluteGate)*binsPerLU)), float64(len(m.bins)-1))
	return lufsOf(m.meanFrom(int(from)))
}

// meanFrom is the mean power of the blocks from a bin on.
func (m *meter) meanFrom(bin int) float64 {
	blocks, power := 0, 0.0
	for _, b := range m.bins[bin:] {
		blocks += b.blocks
		power += b.power
	}
	return power / float64(blocks)
}

// peak looks at n intervals, the first of which begins at frame peakAhead of x.
func (m *meter) peak(x []float32, n int) {
	if m.highest == 0 {
		m.loud = peakTaps + 1 // nothing was seen yet
	}
	for i := range n {
		if abs(x[i+peakTaps])*m.peaks.gain > m.highest {
			m.loud = peakTaps + 1
		}
		if m.loud > 0 {
			m.loud--
			m.highest = max(m.highest, m.peaks.between(x[i:i+peakTaps+1]))
		}
	}
}
