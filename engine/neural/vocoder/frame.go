package vocoder

import "math"

// framer makes the samples of frames. Real transforms of size samples are
// complex ones of half, with the even samples as real and the odd ones as
// imaginary parts, whose halves are then sorted out (Press et al., Numerical
// Recipes, 12.3).
type framer struct {
	fourier
	// ahead is the window on the way to the spectrum, back that on the way
	// back, with all constant factors of both.
	ahead, back [size]float32
	// turns are those of bins.
	turns [half/2 + 1]turn
	// The source's values and spectrum, and those of the frame, each in the
	// order that the transform wants.
	sourceRe, sourceIm, re, im plane
	hann                       [size]float32
}

func (f *framer) fill() {
	f.fourier = newFourier()
	for i := range size {
		hann := 0.5 - float64(0.5*math.Cos(2*math.Pi*float64(i)/size))
		f.hann[i] = float32(hann)
		// A half is owed to the sorting.
		f.ahead[i] = float32(hann / Hop / 2)
		// The sum of the squared windows is 3/2 wherever four frames meet.
		f.back[i] = float32(hann / size / 1.5)
	}
	for k := range f.turns {
		f.turns[k] = turnOf(float64(k) / size)
	}
}

// voiced makes a frame of the source around its middle.
func (f *framer) voiced(source *[size]float32, parts *[bins]part) {
	for n, p := range f.in {
		f.sourceRe[p] = mul(source[2*n], f.ahead[2*n])
		f.sourceIm[p] = mul(source[2*n+1], f.ahead[2*n+1])
	}
	f.transform(&f.sourceRe, &f.sourceIm)

	first := 2 * (f.sourceRe[0] + f.sourceIm[0])
	last := 2 * (f.sourceRe[0] - f.sourceIm[0])
	f.ends(mul(first, parts[0].gainRe)+parts[0].restRe, mul(last, parts[half].gainRe)+parts[half].restRe)
	// The last is its own partner.
	for k := 1; k <= half/2; k++ {
		j := half - k
		a, b := f.out[k], f.out[j]
		sumRe, difRe := f.sourceRe[a]+f.sourceRe[b], f.sourceRe[a]-f.sourceRe[b]
		sumIm, difIm := f.sourceIm[a]+f.sourceIm[b], f.sourceIm[a]-f.sourceIm[b]
		w := f.turns[k]
		turnRe := mul(w.cos, sumIm) - mul(w.sin, difRe)
		turnIm := -mul(w.cos, difRe) - mul(w.sin, sumIm)
		// The source's spectrum in bins k and j.
		xRe, xIm := sumRe+turnRe, difIm+turnIm
		yRe, yIm := sumRe-turnRe, turnIm-difIm
		p, q := &parts[k], &parts[j]
		xRe, xIm = mul(xRe, p.gainRe)-mul(xIm, p.gainIm)+p.restRe, mul(xRe, p.gainIm)+mul(xIm, p.gainRe)+p.restIm
		yRe, yIm = mul(yRe, q.gainRe)-mul(yIm, q.gainIm)+q.restRe, mul(yRe, q.gainIm)+mul(yIm, q.gainRe)+q.restIm
		f.pair(k, xRe, xIm, yRe, yIm)
	}
	f.transform(&f.im, &f.re)
}

// unvoiced makes a frame without a source.
func (f *framer) unvoiced(parts *[bins]part) {
	f.ends(parts[0].restRe, parts[half].restRe)
	for k := 1; k <= half/2; k++ {
		p, q := &parts[k], &parts[half-k]
		f.pair(k, p.restRe, p.restIm, q.restRe, q.restIm)
	}
	f.transform(&f.im, &f.re)
}

// ends sets what the bins make that are real.
func (f *framer) ends(first, last float32) {
	f.re[0], f.im[0] = first+last, first-last
}

// pair sets what bins k and half-k make: x and y.
func (f *framer) pair(k int, xRe, xIm, yRe, yIm float32) {
	sumRe, difRe := xRe+yRe, xRe-yRe
	sumIm, difIm := xIm+yIm, xIm-yIm
	w := f.turns[k]
	turnRe := mul(difRe, w.cos) - mul(sumIm, w.sin)
	turnIm := mul(sumIm, w.cos) + mul(difRe, w.sin)
	a, b := f.in[k], f.in[half-k]
	f.re[a], f.im[a] = sumRe-turnIm, difIm+turnRe
	f.re[b], f.im[b] = sumRe+turnIm, turnRe-difIm
}

// add adds the frame to sums.
func (f *framer) add(sums *[size]float32) {
	for n, p := range f.out {
		sums[2*n] += mul(f.re[p], f.back[2*n])
		sums[2*n+1] += mul(f.im[p], f.back[2*n+1])
	}
}

// level evens a hop of sums in which fewer than four frames met.
func (f *framer) level(x *[Hop]float32, hop, frames int) {
	for i := range x {
		sum := float32(0)
		for k := max(0, hop-1); k <= min(frames-1, hop+2); k++ {
			w := f.hann[(hop+2-k)*Hop+i]
			sum += mul(w, w)
		}
		x[i] = mul(x[i], 1.5/sum)
	}
}
