package vocoder

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

// TestFourier compares with the definition.
func TestFourier(t *testing.T) {
	f := newFourier()
	random := rand.New(rand.NewPCG(1, 2))
	var x [half]complex128
	var re, im plane
	for n := range x {
		x[n] = complex(random.NormFloat64(), random.NormFloat64())
		re[f.in[n]], im[f.in[n]] = float32(real(x[n])), float32(imag(x[n]))
	}
	f.transform(&re, &im)
	var wrong, whole float64
	for k := range half {
		var want complex128
		for n := range half {
			want += x[n] * cmplx.Rect(1, -2*math.Pi*float64(n*k%half)/half)
		}
		got := complex(float64(re[f.out[k]]), float64(im[f.out[k]]))
		wrong += square(want - got)
		whole += square(want)
	}
	if dB := 10 * math.Log10(wrong/whole); dB > -125 {
		t.Errorf("the error is %.1f dB", dB)
	}
}

func square(z complex128) float64 { return real(z)*real(z) + imag(z)*imag(z) }

func BenchmarkFourier(b *testing.B) {
	f := newFourier()
	var re, im plane
	for b.Loop() {
		f.transform(&re, &im)
	}
}
