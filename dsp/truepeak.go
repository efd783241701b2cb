package dsp

import "math"

// The filters that find what lies between frames, at a quarter, a half and
// three quarters of the way: four times the rate, as ITU-R BS.1770-4, annex 2,
// asks, but longer than the example there, so that they hold nearer to the
// Nyquist frequency; and peaks between those places by a parabola.
const (
	peakTaps = 48
	peakBeta = 2.5
	// peakBand is where the filters pass half, in Nyquist frequencies. Beyond
	// 1, for it is better to find too much near that frequency than too little.
	peakBand  = 1.05
	peakAhead = peakTaps / 2 // frames that are read behind an interval's first
)

// peakFinder finds peaks between frames.
type peakFinder struct {
	filters [3][peakTaps]float32
	// gain is how much higher than all frames around it a peak can be.
	gain float32
}

func newPeakFinder() *peakFinder {
	f := new(peakFinder)
	for k := range f.filters {
		at := float64(peakTaps/2-1) + float64(k+1)/4
		var row [peakTaps]float64
		sum, size := 0.0, 0.0
		for i := range row {
			x := float64(i) - at
			edge := x / (peakTaps / 2)
			row[i] = besselI0(peakBeta*math.Sqrt(max(0, 1-edge*edge))) * math.Sin(math.Pi*x) / (math.Pi * x)
			sum += row[i]
		}
		for i, v := range row {
			f.filters[k][i] = float32(v / sum)
			size += math.Abs(v / sum)
		}
		f.gain = max(f.gain, float32(size)*1.1) // and the parabola
	}
	return f
}

// between is the highest amplitude from frame peakTaps/2 of x on to the next,
// x being peakTaps+1 frames.
func (f *peakFinder) between(x []float32) float32 {
	const here = peakTaps / 2
	a := [6]float32{dot(f.filters[2][:], x[:peakTaps]), x[here], 0, 0, 0, x[here+1]}
	for k := range f.filters {
		a[k+2] = dot(f.filters[k][:], x[1:peakTaps+1])
	}
	highest := float32(0)
	for i := 1; i <= 4; i++ {
		l, m, r := a[i-1], a[i], a[i+1]
		if m < 0 {
			l, m, r = -l, -m, -r
		}
		if m >= l && m > r {
			m += (l - r) * (l - r) / (8 * (2*m - l - r))
		}
		highest = max(highest, m)
	}
	return highest
}

func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }
