package vocoder

import (
	"math"
	"math/cmplx"
)

// reference is the sound of s by the definition in the package's comment, in
// float64 and with sums for transforms. Only the noise is that of the package.
func reference(s example, seed uint64) []float64 {
	v := New()
	frames, samples := len(s.pitch), len(s.pitch)*Hop
	source := referencePulses(s.pitch)
	at := func(i int) float64 {
		for i < 0 || i >= samples {
			if i < 0 {
				i = -i
			} else {
				i = 2*(samples-1) - i
			}
		}
		return source[i]
	}
	var roots [size]complex128
	var window [size]float64
	for i := range roots {
		roots[i] = cmplx.Rect(1, 2*math.Pi*float64(i)/size)
		window[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/size)
	}
	sum, weight := make([]float64, samples+size), make([]float64, samples+size)
	for k := range frames {
		var spectrum [bins]complex128
		for b := range spectrum {
			for i := range size {
				spectrum[b] += complex(at(k*Hop-size/2+i)*window[i]/Hop, 0) * cmplx.Conj(roots[b*i%size])
			}
			at := func(kind int) float32 { return *s.at(kind, b, k) }
			e := func(x float32) complex128 { return complex(math.Exp(math.Min(float64(x), 7)), 0) }
			direction, length := v.tables.noise(noiseHash(noiseKey(seed, k), b))
			noise := complex(float64(length), 0) * complex(float64(direction.cos), float64(direction.sin))
			spectrum[b] = e(at(harmonicLog))*cmplx.Rect(1, math.Pi*math.Tanh(float64(at(harmonicPhase))))*spectrum[b] +
				e(at(noiseLog))*noise + e(at(residualLog))*cmplx.Rect(1, float64(at(residualPhase)))
		}
		for i := range size {
			x := real(spectrum[0]) + real(spectrum[half])*float64(1-2*(i%2))
			for b := 1; b < half; b++ {
				x += 2 * real(spectrum[b]*roots[b*i%size])
			}
			sum[k*Hop+i] += x / size * window[i]
			weight[k*Hop+i] += window[i] * window[i]
		}
	}
	sound := make([]float64, samples)
	for i := range sound {
		sound[i] = sum[i+size/2] / weight[i+size/2]
	}
	return sound
}

// referencePulses sums the harmonics one by one.
func referencePulses(pitch []float32) []float64 {
	source := make([]float64, len(pitch)*Hop)
	phase := 0.0
	for i := range source {
		x := (float64(i)+0.5)/Hop - 0.5
		below := math.Floor(x)
		hertz := func(frame int) float64 { return float64(pitch[max(0, min(frame, len(pitch)-1))]) }
		f := hertz(int(below)) + (x-below)*(hertz(int(below)+1)-hertz(int(below)))
		phase += 2 * math.Pi * max(f, LeastPitch) / SampleRate
		if f > LeastPitch {
			harmonics := math.Floor(highestTone / f)
			if math.Abs(2*math.Sin(phase/2)) <= peak {
				source[i] = harmonics
				continue
			}
			for h := 1.0; h <= harmonics; h++ {
				source[i] += math.Cos(h * phase)
			}
		}
	}
	return source
}

// decibels is how far x is from y, against the power of y.
func decibels(x []float32, y []float64) float64 {
	var wrong, whole float64
	for i := range y {
		wrong += (float64(x[i]) - y[i]) * (float64(x[i]) - y[i])
		whole += y[i] * y[i]
	}
	return 10 * math.Log10(wrong/whole)
}
