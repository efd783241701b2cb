package dsp

import "slices"

// overlap is a sound that pieces are added to, given out from its start.
type overlap struct {
	frames []float32
	at     int // what frames[at] on was not given yet
	given  int // frames given so far
}

// from is the sound from frame x on, n frames of it. What was given is lost:
// skipped is how many of the n frames that were.
func (o *overlap) from(x, n int) (frames []float32, skipped int) {
	if skipped = max(0, o.given-x); skipped >= n {
		return nil, n
	}
	first := o.at + x + skipped - o.given
	last := first + n - skipped
	if last > len(o.frames) {
		if o.at >= readAhead {
			kept := copy(o.frames, o.frames[o.at:])
			o.frames = o.frames[:kept]
			first, last, o.at = first-o.at, last-o.at, 0
		}
		if more := last - len(o.frames); more > 0 {
			o.frames = slices.Grow(o.frames, more)[:last]
			clear(o.frames[last-more:])
		}
	}
	return o.frames[first:last], skipped
}

// give copies frames up to frame end to p.
func (o *overlap) give(p []float32, end int) int {
	n := max(0, min(end-o.given, len(p)))
	if n > 0 {
		o.from(o.given, n)
	}
	copy(p[:n], o.frames[o.at:])
	o.at += n
	o.given += n
	return n
}
