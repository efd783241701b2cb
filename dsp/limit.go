package dsp

import (
	"io"
	"math"

	"github.com/lectern/lectern/audio"
)

// The limiter's times, in seconds.
const (
	limitAttack  = 0.005
	limitRelease = 0.080
)

// Limit lowers s where its true peak (ITU-R BS.1770-4, annex 2) exceeds a
// ceiling in dB below full scale, smoothly from 5 ms before, and lets it rise
// again over some 80 ms. Frames far from such peaks are those of s, bit by bit;
// number and time of frames stay. It reads ahead by 5 ms and 50 frames.
//
// Peaks between frames are found within 0.2 dB, also those of noise as wide as
// the rate allows.
func Limit(s audio.Stream, ceilingDBTP float64) audio.Stream {
	hertz := float64(s.SampleRate())
	attack := 2 * max(1, int(math.Round(limitAttack*hertz/2)))
	const before = peakTaps + peakAhead + 1
	return &limiter{
		sampleRate: s.SampleRate(), sound: newHistory(s, before), peaks: newPeakFinder(),
		ceiling: float32(amplitudeOf(ceilingDBTP)),
		// Changes of the gain between two frames, and what the filters miss.
		target:  float32(amplitudeOf(ceilingDBTP - 0.25)),
		release: 1 - math.Exp(-1/(limitRelease*hertz)),
		attack:  attack, loud: -before, held: 1,
		lowest: minimum{width: attack + 2*peakAhead + 1},
		first:  newAverage(attack/2 + 1), second: newAverage(attack/2 + 1),
	}
}

type limiter struct {
	sampleRate      audio.SampleRate
	sound           *history
	peaks           *peakFinder
	ceiling, target float32
	release         float64
	attack          int

	looked int     // frames whose peaks are known
	loud   int     // the last frame that may make a peak beyond the ceiling
	seen   int     // frames that were looked at for that
	last   float32 // peak between the last frame and the next
	lowest minimum
	held   float64 // the gain before it is smoothed
	first  average
	second average
	given  int
	err    error
}

func (l *limiter) SampleRate() audio.SampleRate { return l.sampleRate }

// delay is how many frames must be looked at before a frame's gain is known.
func (l *limiter) delay() int { return l.attack + peakAhead }

func (l *limiter) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if l.err != nil {
		return 0, l.err
	}
	p = p[:min(len(p), readAhead)]
	whole := true
	if l.sound.err == nil {
		whole = l.sound.reach(l.given + len(p) + l.delay() + 1 + peakAhead)
	} else if l.sound.err != io.EOF {
		whole = false
	}
	n := len(p)
	switch {
	case l.sound.err == io.EOF:
		n = min(n, l.sound.length-l.given)
		l.err = pastEnd(n, io.EOF)
	case !whole:
		n = min(n, l.sound.end()-l.given-l.delay()-1-peakAhead)
		l.err = pastEnd(n, l.sound.err)
	}
	if l.err != nil {
		return 0, l.err
	}
	if l.sound.err == io.EOF {
		l.sound.reach(l.given + n + l.delay() + 1 + peakAhead)
	}
	for l.looked < l.delay() {
		l.gain()
	}
	x := l.sound.from(l.given)
	for i := range n {
		g := l.gain()
		p[i] = x[i]
		if g != 1 {
			p[i] = float32(float64(x[i]) * g)
		}
	}
	l.given += n
	l.sound.forget(l.given - peakTaps)
	return n, nil
}

// pastEnd is err when no frames are left.
func pastEnd(n int, err error) error {
	if n <= 0 {
		return err
	}
	return nil
}

// gain looks at one more frame and gives the gain of the frame delay before it.
func (l *limiter) gain() float64 {
	at := l.looked
	x := l.sound.from(at - peakAhead)
	for ; l.seen <= at+peakAhead; l.seen++ {
		if v := abs(x[l.seen-at+peakAhead]); v*l.peaks.gain > l.ceiling {
			l.loud = l.seen
		}
	}
	needed := float32(1)
	next := float32(0)
	if l.loud >= at-peakAhead {
		next = l.peaks.between(x)
		if peak := max(next, l.last); peak > l.ceiling {
			needed = l.target / peak
		}
	} else if l.last > l.ceiling {
		needed = l.target / l.last
	}
	l.last = next
	l.looked++
	l.held = min(float64(l.lowest.add(needed)), l.held+(1-l.held)*l.release)
	if l.held > 0.9999 {
		l.held = 1
	}
	return l.second.add(l.first.add(l.held))
}

// minimum is the lowest of the last width values.
type minimum struct {
	width int
	count int
	// queue holds the values that may yet become the lowest, rising.
	queue []struct {
		at    int
		value float32
	}
}

func (m *minimum) add(v float32) float32 {
	n := len(m.queue)
	for n > 0 && m.queue[n-1].value >= v {
		n--
	}
	m.queue = append(m.queue[:n], struct {
		at    int
		value float32
	}{m.count, v})
	m.count++
	if m.queue[0].at <= m.count-1-m.width {
		m.queue = m.queue[:copy(m.queue, m.queue[1:])]
	}
	return m.queue[0].value
}

// average is that of the last values, which began as ones. It is exactly 1
// when all of them are.
type average struct {
	values []float64
	at     int
	sum    float64
	others int // values that are not 1
}

func newAverage(n int) average {
	a := average{values: make([]float64, n), sum: float64(n)}
	for i := range a.values {
		a.values[i] = 1
	}
	return a
}

func (a *average) add(v float64) float64 {
	old := a.values[a.at]
	a.values[a.at] = v
	if a.at++; a.at == len(a.values) {
		a.at = 0
	}
	if old != 1 {
		a.others--
	}
	if v != 1 {
		a.others++
	}
	if a.others == 0 {
		a.sum = float64(len(a.values))
		return 1
	}
	a.sum += v - old
	return a.sum / float64(len(a.values))
}
