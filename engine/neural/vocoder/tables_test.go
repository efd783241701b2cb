package vocoder

import (
	"math"
	"testing"
)

func TestTables(t *testing.T) {
	var tab tables
	tab.fill()
	var exp, around float64
	for i := range 200_000 {
		x := float32(i-100_000) * 4e-4 // -40 to 40
		want := math.Exp(float64(x))
		exp = max(exp, math.Abs(float64(tab.exp(x))-want)/want)
		sin, cos := math.Sincos(float64(x))
		c, s := tab.turn(x)
		around = max(around, math.Abs(float64(c)-cos), math.Abs(float64(s)-sin))
	}
	// The argument itself has an error of 40 * 2^-24.
	if exp > 4e-6 {
		t.Errorf("exp is wrong by %.1e", exp)
	}
	if around > 2.5e-5 {
		t.Errorf("directions are wrong by %.1e", around)
	}
}

// TestNoise holds the moments of two million normal values.
func TestNoise(t *testing.T) {
	var tab tables
	tab.fill()
	const frames = 1664
	var n, mean, square, fourth, product, along, across float64
	var last float64
	var before [bins]float64
	for k := range frames {
		for b := range bins {
			direction, length := tab.noise(noiseHash(noiseKey(3, k), b))
			x, y := float64(direction.cos*length), float64(direction.sin*length)
			n += 2
			mean += x + y
			square += x*x + y*y
			fourth += x*x*x*x + y*y*y*y
			product += x * y
			along += x * last
			across += x * before[b]
			last, before[b] = x, x
		}
	}
	for _, m := range []struct {
		name            string
		got, want, most float64
	}{
		{"mean", mean / n, 0, 0.004},
		{"variance", square / n, 1, 0.005},
		{"fourth moment", fourth / n, 3, 0.04},
		{"product of the parts", 2 * product / n, 0, 0.005},
		{"product of neighbouring bins", 2 * along / n, 0, 0.005},
		{"product of neighbouring frames", 2 * across / n, 0, 0.005},
	} {
		if math.Abs(m.got-m.want) > m.most {
			t.Errorf("the %s is %.4f, not %v", m.name, m.got, m.want)
		}
	}
}
