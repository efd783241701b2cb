package dsp

import "math"

// biquad is a filter of second order, in the transposed direct form II.
type biquad struct {
	b0, b1, b2, a1, a2 float64
	s1, s2             float64
}

// filter passes x on in place. What has faded below anything heard
// becomes zero, since arithmetic on denormal numbers is slow.
func (f *biquad) filter(x []float64) {
	b0, b1, b2, a1, a2, s1, s2 := f.b0, f.b1, f.b2, f.a1, f.a2, f.s1, f.s2
	for i, v := range x {
		y := b0*v + s1
		s1 = b1*v - a1*y + s2
		s2 = b2*v - a2*y
		if y < 1e-30 && y > -1e-30 {
			y = 0
			if s1 < 1e-30 && s1 > -1e-30 && s2 < 1e-30 && s2 > -1e-30 {
				s1, s2 = 0, 0
			}
		}
		x[i] = y
	}
	f.s1, f.s2 = s1, s2
}

// The following are those of the Audio EQ Cookbook (Bristow-Johnson, W3C note,
// 2021): bilinear, with the frequency exact at hertz.

func cookbook(rate, hertz, q float64) (cos, alpha float64) {
	sin, cos := math.Sincos(2 * math.Pi * hertz / rate)
	return cos, sin / (2 * q)
}

func scaled(b0, b1, b2, a0, a1, a2 float64) biquad {
	return biquad{b0: b0 / a0, b1: b1 / a0, b2: b2 / a0, a1: a1 / a0, a2: a2 / a0}
}

func lowPass(rate, hertz, q float64) biquad {
	cos, alpha := cookbook(rate, hertz, q)
	return scaled((1-cos)/2, 1-cos, (1-cos)/2, 1+alpha, -2*cos, 1-alpha)
}

func highPass(rate, hertz, q float64) biquad {
	cos, alpha := cookbook(rate, hertz, q)
	return scaled((1+cos)/2, -(1 + cos), (1+cos)/2, 1+alpha, -2*cos, 1-alpha)
}

func peaking(rate, hertz, q, dB float64) biquad {
	cos, alpha := cookbook(rate, hertz, q)
	a := math.Pow(10, dB/40)
	return scaled(1+alpha*a, -2*cos, 1-alpha*a, 1+alpha/a, -2*cos, 1-alpha/a)
}

func lowShelf(rate, hertz, q, dB float64) biquad {
	cos, alpha := cookbook(rate, hertz, q)
	a := math.Pow(10, dB/40)
	r := 2 * math.Sqrt(a) * alpha
	return scaled(a*((a+1)-(a-1)*cos+r), 2*a*((a-1)-(a+1)*cos), a*((a+1)-(a-1)*cos-r),
		(a+1)+(a-1)*cos+r, -2*((a-1)+(a+1)*cos), (a+1)+(a-1)*cos-r)
}

func highShelf(rate, hertz, q, dB float64) biquad {
	cos, alpha := cookbook(rate, hertz, q)
	a := math.Pow(10, dB/40)
	r := 2 * math.Sqrt(a) * alpha
	return scaled(a*((a+1)+(a-1)*cos+r), -2*a*((a-1)+(a+1)*cos), a*((a+1)+(a-1)*cos-r),
		(a+1)-(a-1)*cos+r, 2*((a-1)-(a+1)*cos), (a+1)-(a-1)*cos-r)
}
