package vocoder

import (
	"math"
	"math/cmplx"
)

// tables hold the functions of the inner loops. One of each fits into the
// first cache beside what the loop works on. They do not change.
type tables struct {
	// circle are the directions of a full turn.
	circle [circleSteps]arc
	// powers are the bits of 2 to the power of 0 up to 1.
	powers [powerSteps]uint32
	// lags are exp(i pi tanh x) for x from 0 up to lagReach, and where it goes
	// from there.
	lags [lagReach * lagSteps]arc
	// radii are the lengths of normal pairs, of equal probability.
	radii [radiusSteps]float32
}

const (
	circleSteps = 512
	powerSteps  = 256
	lagReach    = 8 // pi tanh is pi behind it, to 1e-6
	lagSteps    = 128
	lagMost     = lagReach - 1.0/lagSteps
	radiusSteps = 2048

	// shift brings a number below 4 million to where a float32 has no bits
	// behind the point, and so rounds it. Its own lowest 22 bits are zero.
	shift = 3 << 22
)

// arc is a point of a curve on the unit circle, and how it goes on from there
// in a step.
type arc struct {
	turn
	cosSlope, sinSlope float32
}

func arcOf(before, here, after complex128) arc {
	return arc{turn{float32(real(here)), float32(imag(here))},
		float32(real(after - before)), float32(imag(after - before))}
}

func (t *tables) fill() {
	for i := range t.circle {
		around := func(x float64) complex128 { return cmplx.Rect(1, 2*math.Pi*x/circleSteps) }
		t.circle[i] = arcOf(around(float64(i)-0.5), around(float64(i)), around(float64(i)+0.5))
	}
	for i := range t.powers {
		t.powers[i] = math.Float32bits(float32(math.Exp2(float64(i) / powerSteps)))
	}
	for i := range t.lags {
		lag := func(x float64) complex128 { return cmplx.Rect(1, math.Pi*math.Tanh(x/lagSteps)) }
		t.lags[i] = arcOf(lag(float64(i)-0.5), lag(float64(i)), lag(float64(i)+0.5))
	}
	// The mean of the square of the length, -2 ln u, over the part of u from a
	// to b is the difference of 2 u (1 - ln u) there.
	below := 0.0
	for i := range t.radii {
		u := float64(i+1) / radiusSteps
		next := float64(2 * u * (1 - math.Log(u)))
		t.radii[i] = float32(math.Sqrt((next - below) * radiusSteps))
		below = next
	}
}

// limit brings x within the limits. What is not a number is low.
func limit(x, low, high float32) float32 {
	if !(x > low) {
		return low
	}
	if x > high {
		return high
	}
	return x
}

// exp is e to the power of x, which is within -80 to 80.
func (t *tables) exp(x float32) float32 {
	x = mul(x, powerSteps/math.Ln2)
	whole := x + shift
	bits := math.Float32bits(whole)
	power := math.Float32frombits(t.powers[bits%powerSteps] + bits/powerSteps<<23)
	return power + mul(power, mul(x-(whole-shift), math.Ln2/powerSteps))
}

// turn is the direction of an angle in radians within -10,000 to 10,000.
func (t *tables) turn(x float32) (cos, sin float32) {
	x = mul(x, circleSteps/(2*math.Pi))
	whole := x + shift
	x -= whole - shift
	c := &t.circle[math.Float32bits(whole)%circleSteps]
	return c.cos + mul(x, c.cosSlope), c.sin + mul(x, c.sinSlope)
}
