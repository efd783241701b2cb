package vocoder

import "math"

// half is the length of the complex transform under the real ones of size
// samples. It is 8 x 3 x 25: factors without a common divisor, between which
// the prime-factor algorithm (Good, 1958) needs no twiddle factors, only the
// right order of the values. Within 25 = 5 x 5 there are some.
const half = size / 2

// plane is one part, real or imaginary, of half values.
type plane = [half]float32

// fourier is the discrete Fourier transform of half complex values. It does not
// change.
type fourier struct {
	// in is where transform wants its value n, out where it leaves its
	// result k.
	in, out [half]uint16
	// twiddle are the powers exp(-2 pi i b k / 25) for b and k of 0 to 4.
	twiddle [5][5]turn
}

func newFourier() fourier {
	var f fourier
	for n1 := range 8 {
		for n2 := range 3 {
			for n3 := range 25 {
				f.in[(75*n1+200*n2+24*n3)%half] = uint16(75*n1 + 25*n2 + n3)
			}
		}
	}
	for k := range half {
		k3 := k % 25
		f.out[k] = uint16(75*(k%8) + 25*(k%3) + 5*(k3%5) + k3/5)
	}
	for b := range 5 {
		for k := range 5 {
			f.twiddle[b][k] = turnOf(-float64(b*k) / 25)
		}
	}
	return f
}

// transform works in place, unnormalised. With re and im exchanged it is the
// inverse transform.
func (f *fourier) transform(re, im *plane) {
	eights(re, im)
	for i := 0; i < half; i += 75 {
		row, column := (*[75]float32)(re[i:]), (*[75]float32)(im[i:])
		threes(row, column)
		for j := 0; j < 75; j += 25 {
			f.twentyFive((*[25]float32)(row[j:]), (*[25]float32)(column[j:]))
		}
	}
}

// eights are the 75 transforms of 8 values, each 75 after the other.
func eights(re, im *plane) {
	r0, r1, r2, r3 := (*[75]float32)(re[0:]), (*[75]float32)(re[75:]), (*[75]float32)(re[150:]), (*[75]float32)(re[225:])
	r4, r5, r6, r7 := (*[75]float32)(re[300:]), (*[75]float32)(re[375:]), (*[75]float32)(re[450:]), (*[75]float32)(re[525:])
	i0, i1, i2, i3 := (*[75]float32)(im[0:]), (*[75]float32)(im[75:]), (*[75]float32)(im[150:]), (*[75]float32)(im[225:])
	i4, i5, i6, i7 := (*[75]float32)(im[300:]), (*[75]float32)(im[375:]), (*[75]float32)(im[450:]), (*[75]float32)(im[525:])
	const h = float32(math.Sqrt2 / 2)
	for n := range 75 {
		// The odd values first: differences for the odd results d, sums for
		// the even results s.
		s1r, d1r := r1[n]+r5[n], r1[n]-r5[n]
		s1i, d1i := i1[n]+i5[n], i1[n]-i5[n]
		s3r, d3r := r3[n]+r7[n], r3[n]-r7[n]
		s3i, d3i := i3[n]+i7[n], i3[n]-i7[n]
		ar, ai := s1r+s3r, s1i+s3i
		br, bi := s1i-s3i, s3r-s1r // times -i
		pr, pi := mul(h, d1r+d1i), mul(h, d1i-d1r)
		qr, qi := mul(h, d3i-d3r), mul(-h, d3r+d3i)
		cr, ci := pr+qr, pi+qi
		dr, di := pi-qi, qr-pr // times -i

		s0r, d0r := r0[n]+r4[n], r0[n]-r4[n]
		s2r, d2r := r2[n]+r6[n], r2[n]-r6[n]
		s0i, d0i := i0[n]+i4[n], i0[n]-i4[n]
		s2i, d2i := i2[n]+i6[n], i2[n]-i6[n]
		er, fr := s0r+s2r, s0r-s2r
		ei, fi := s0i+s2i, s0i-s2i
		r0[n], r4[n] = er+ar, er-ar
		i0[n], i4[n] = ei+ai, ei-ai
		r2[n], r6[n] = fr+br, fr-br
		i2[n], i6[n] = fi+bi, fi-bi
		gr, hr := d0r+d2i, d0r-d2i
		gi, hi := d0i-d2r, d0i+d2r
		r1[n], r5[n] = gr+cr, gr-cr
		i1[n], i5[n] = gi+ci, gi-ci
		r3[n], r7[n] = hr+dr, hr-dr
		i3[n], i7[n] = hi+di, hi-di
	}
}

// threes are the 25 transforms of 3 values, each 25 after the other.
func threes(re, im *[75]float32) {
	r0, r1, r2 := (*[25]float32)(re[0:]), (*[25]float32)(re[25:]), (*[25]float32)(re[50:])
	i0, i1, i2 := (*[25]float32)(im[0:]), (*[25]float32)(im[25:]), (*[25]float32)(im[50:])
	const h = float32(0.86602540378443864676) // sin(pi/3)
	for n := range 25 {
		sr, si := r1[n]+r2[n], i1[n]+i2[n]
		dr, di := mul(h, i1[n]-i2[n]), mul(h, r2[n]-r1[n])
		mr, mi := r0[n]-mul(0.5, sr), i0[n]-mul(0.5, si)
		r0[n], i0[n] = r0[n]+sr, i0[n]+si
		r1[n], i1[n] = mr+dr, mi+di
		r2[n], i2[n] = mr-dr, mi-di
	}
}

// twentyFive is a transform of 25 values, done as fives twice: first each five
// after the other, then those next to each other.
func (f *fourier) twentyFive(re, im *[25]float32) {
	for b := range 5 {
		w := &f.twiddle[b]
		{ // the cosines' part, and with it the first result
			r0, i0 := re[b], im[b]
			r1, r4 := re[b+5], re[b+20]
			r2, r3 := re[b+10], re[b+15]
			i1, i4 := im[b+5], im[b+20]
			i2, i3 := im[b+10], im[b+15]
			s1r, d1r := r1+r4, r1-r4
			s2r, d2r := r2+r3, r2-r3
			s1i, d1i := i1+i4, i1-i4
			s2i, d2i := i2+i3, i2-i3

			sr, mr := s1r+s2r, mul(fiveSpread, s1r-s2r)
			si, mi := s1i+s2i, mul(fiveSpread, s1i-s2i)
			re[b], im[b] = r0+sr, i0+si
			r0, i0 = r0-mul(fiveMean, sr), i0-mul(fiveMean, si)
			a1r, a2r := r0+mr, r0-mr
			a1i, a2i := i0+mi, i0-mi
			b1r, b2r := mul(fiveSin1, d1i)+mul(fiveSin2, d2i), mul(fiveSin2, d1i)-mul(fiveSin1, d2i)
			b1i, b2i := mul(fiveSin1, d1r)+mul(fiveSin2, d2r), mul(fiveSin2, d1r)-mul(fiveSin1, d2r)

			xr, xi := a1r+b1r, a1i-b1i
			re[b+5], im[b+5] = mul(xr, w[1].cos)-mul(xi, w[1].sin), mul(xi, w[1].cos)+mul(xr, w[1].sin)
			xr, xi = a1r-b1r, a1i+b1i
			re[b+20], im[b+20] = mul(xr, w[4].cos)-mul(xi, w[4].sin), mul(xi, w[4].cos)+mul(xr, w[4].sin)
			xr, xi = a2r+b2r, a2i-b2i
			re[b+10], im[b+10] = mul(xr, w[2].cos)-mul(xi, w[2].sin), mul(xi, w[2].cos)+mul(xr, w[2].sin)
			xr, xi = a2r-b2r, a2i+b2i
			re[b+15], im[b+15] = mul(xr, w[3].cos)-mul(xi, w[3].sin), mul(xi, w[3].cos)+mul(xr, w[3].sin)
		}
	}
	for k := 0; k < 25; k += 5 {
		r, i := (*[5]float32)(re[k:]), (*[5]float32)(im[k:])
		s1r, d1r := r[1]+r[4], r[1]-r[4]
		s2r, d2r := r[2]+r[3], r[2]-r[3]
		s1i, d1i := i[1]+i[4], i[1]-i[4]
		s2i, d2i := i[2]+i[3], i[2]-i[3]

		sr, mr := s1r+s2r, mul(fiveSpread, s1r-s2r)
		si, mi := s1i+s2i, mul(fiveSpread, s1i-s2i)
		r0, i0 := r[0]-mul(fiveMean, sr), i[0]-mul(fiveMean, si)
		r[0], i[0] = r[0]+sr, i[0]+si
		a1r, a2r := r0+mr, r0-mr
		a1i, a2i := i0+mi, i0-mi
		b1r, b2r := mul(fiveSin1, d1i)+mul(fiveSin2, d2i), mul(fiveSin2, d1i)-mul(fiveSin1, d2i)
		b1i, b2i := mul(fiveSin1, d1r)+mul(fiveSin2, d2r), mul(fiveSin2, d1r)-mul(fiveSin1, d2r)
		r[1], r[4] = a1r+b1r, a1r-b1r
		i[1], i[4] = a1i-b1i, a1i+b1i
		r[2], r[3] = a2r+b2r, a2r-b2r
		i[2], i[3] = a2i-b2i, a2i+b2i
	}
}

// The cosines and sines of a fifth and two fifths of a turn.
const (
	fiveMean   = 0.25                   // minus the mean of the two cosines
	fiveSpread = 0.55901699437494742410 // half their difference
	fiveSin1   = 0.95105651629515357212
	fiveSin2   = 0.58778525229247312917
)
