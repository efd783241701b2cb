package dsp

import (
	"math"

	"github.com/lectern/lectern/audio"
)

// The low-pass filter, a sinc under a Kaiser window (Oppenheim and Schafer,
// Discrete-Time Signal Processing, 7.5). Its stop band begins at the lower
// rate's Nyquist frequency.
const (
	// zeroCrossings is how many zeros the sinc has on each side. Going down in
	// rate it has twice as many: what is left of the band is speech then, and
	// half the transition keeps more of it.
	zeroCrossings = 32
	// beta makes the window's side lobes 100 dB low.
	beta = 10.4
	// transition is from where the filter passes half to where it passes
	// nothing, as a part of that frequency.
	transition = 0.095
)

// The size of a bank. All common pairs of rates are exact.
const (
	// maxExact is how many coefficients a bank may have that holds a filter
	// for every place where a result can lie between two source frames.
	maxExact = 1 << 17
	// phases is into how many parts a zero crossing is divided when it
	// would have more; between them it interpolates, with an error below
	// -115 dB.
	phases = 1024
)

// ratio is up/down in lowest terms: from down source frames come up results.
type ratio struct{ up, down int }

func reduce(to, from audio.SampleRate) ratio {
	a, b := int(to), int(from)
	for b != 0 {
		a, b = b, a%b
	}
	return ratio{int(to) / a, int(from) / a}
}

// bank is the filter, sampled at the places where results lie between source
// frames. It does not change.
type bank struct {
	ratio
	// taps is the length of one row, even.
	taps int
	// rows is how many parts a source frame is divided into. There is one row
	// more than that.
	rows         int
	coefficients []float32
}

func newBank(q ratio) *bank {
	// Going down in rate, the filter is as much longer as its band is
	// narrower.
	crossings, cutoff := float64(zeroCrossings), 1-transition
	if q.down > q.up {
		crossings, cutoff = 2*zeroCrossings, 1-0.53*transition
	}
	stretch := max(1, float64(q.down)/float64(q.up)) / cutoff
	half := int(math.Ceil(crossings * stretch))
	b := &bank{ratio: q, taps: 2 * half, rows: q.up}
	if b.rows*b.taps > maxExact {
		b.rows = int(math.Ceil(phases / (stretch * cutoff)))
	}
	b.coefficients = make([]float32, (b.rows+1)*b.taps)
	row := make([]float64, b.taps)
	for r := range b.rows + 1 {
		offset := float64(r)/float64(b.rows) + float64(half-1)
		sum := 0.0
		for i := range row {
			row[i] = kernel((float64(i)-offset)/stretch, crossings)
			sum += row[i]
		}
		// Each row alone keeps a constant as it is.
		for i, c := range row {
			b.coefficients[r*b.taps+i] = float32(c / sum)
		}
	}
	return b
}

// filter is the result that lies phase/up behind the source frame in the middle
// of x, which has taps frames.
func (b *bank) filter(x []float32, phase int) float32 {
	if b.rows == b.up {
		return dot(x, b.row(phase))
	}
	scaled := phase * b.rows
	r, rest := scaled/b.up, float32(scaled%b.up)/float32(b.up)
	below, above := dot(x, b.row(r)), dot(x, b.row(r+1))
	return below + rest*(above-below)
}

func (b *bank) row(r int) []float32 { return b.coefficients[r*b.taps : (r+1)*b.taps] }

// dot is the inner product of two slices of one even length. Four sums at once do not
// wait for each other; eight frames at once are looked at for their bounds once.
func dot(x, y []float32) float32 {
	y = y[:len(x)]
	var a, b, c, d float32
	for len(x) >= 8 && len(y) >= 8 {
		x8, y8 := (*[8]float32)(x), (*[8]float32)(y)
		a += x8[0] * y8[0]
		b += x8[1] * y8[1]
		c += x8[2] * y8[2]
		d += x8[3] * y8[3]
		a += x8[4] * y8[4]
		b += x8[5] * y8[5]
		c += x8[6] * y8[6]
		d += x8[7] * y8[7]
		x, y = x[8:], y[8:]
	}
	if len(x) >= 4 && len(y) >= 4 {
		a += x[0] * y[0]
		b += x[1] * y[1]
		c += x[2] * y[2]
		d += x[3] * y[3]
		x, y = x[4:], y[4:]
	}
	for i := range x {
		a += x[i] * y[i]
	}
	return (a + b) + (c + d)
}

// kernel is the filter at x of its zero crossings from the middle, up to a factor.
func kernel(x, crossings float64) float64 {
	at := x / crossings
	if at <= -1 || at >= 1 {
		return 0
	}
	window := besselI0(beta * math.Sqrt(1-at*at))
	if x == 0 {
		return window
	}
	return window * math.Sin(math.Pi*x) / (math.Pi * x)
}

// besselI0 is the modified Bessel function of the first kind and order zero,
// by its power series.
func besselI0(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-17; k++ {
		term *= (x / (2 * k)) * (x / (2 * k))
		sum += term
	}
	return sum
}
