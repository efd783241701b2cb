package dsp

import (
	"math"
	"slices"
)

// mark is an instant of a voiced sound, at the same place of each period.
type mark struct {
	at float64 // in frames
	// left and right are the distances to the marks beside it, or what they
	// would be where the voiced sound begins or ends.
	left, right float64
}

// marker sets the marks of a sound, one period after the other: where it
// becomes voiced at the highest energy of a period, then where the sound is
// most like it was around the mark before.
type marker struct {
	sound   *history
	tracker *tracker
	smooth  int // frames over which energy is taken

	marks []mark
	// run says that the last mark may get a successor. Otherwise the search
	// for the next voiced sound goes on at look number next.
	run   bool
	next  int
	score []float64
}

func newMarker(sound *history, rate float64) *marker {
	return &marker{sound: sound, tracker: newTracker(sound, rate), smooth: max(1, int(rate/2000))}
}

// The next mark is looked for at lag*(1±stray) from the last.
const stray = 0.15

// reaches is how many periods around a mark the sound counts as voiced.
const reaches = 0.75

// margin is how many frames beyond the place in question are read.
const margin = 4

// advance sets one mark or goes on by one look. It returns false when the
// sound failed.
func (m *marker) advance() bool {
	hop := float64(m.tracker.hopFrames())
	if !m.run {
		center := float64(m.next) * hop
		period, ok := m.tracker.at(center)
		if !ok {
			return false
		}
		m.next++
		if period == 0 {
			return true
		}
		from := center - hop/2
		if n := len(m.marks); n > 0 {
			from = max(from, m.marks[n-1].at+period/2)
		}
		return m.first(from, period)
	}
	last := &m.marks[len(m.marks)-1]
	period, ok := m.tracker.at(last.at)
	if !ok {
		return false
	}
	if period == 0 {
		period = last.left
	}
	ahead, ok := m.tracker.at(last.at + period)
	if !ok {
		return false
	}
	if ahead == 0 {
		m.run = false
		m.next = max(m.next, int(math.Ceil((last.at+period)/hop)))
		return true
	}
	// The mark lies between both looks.
	if ratio := ahead / period; ratio > 0.75 && ratio < 1.33 {
		period = (period + ahead) / 2
	} else {
		period = ahead
	}
	return m.successor(last, period)
}

// first begins a voiced sound with the mark of the highest energy in the period
// that starts at frame from.
func (m *marker) first(from, period float64) bool {
	a, n := int(math.Round(from)), int(math.Ceil(period))
	if !m.sound.reach(a + n + m.smooth + margin) {
		return false
	}
	x := m.sound.from(a - m.smooth)
	energy, best, at := 0.0, -1.0, 0
	for i, v := range x[:n+2*m.smooth] {
		energy += float64(v) * float64(v)
		if j := i - 2*m.smooth; j >= 0 {
			if energy > best {
				best, at = energy, j
			}
			energy -= float64(x[j]) * float64(x[j])
		}
	}
	m.marks = append(m.marks, mark{float64(a + at), period, period})
	m.run = true
	return true
}

// successor sets the mark that follows last after about a period.
func (m *marker) successor(last *mark, period float64) bool {
	width := int(period)
	here := int(math.Round(last.at))
	low, high := int(period*(1-stray)), int(math.Ceil(period*(1+stray)))
	if !m.sound.reach(here + high + width/2 + margin) {
		return false
	}
	start := here - width/2
	x := m.sound.from(start)
	pattern := x[:width]
	m.score = m.score[:0]
	energy := 1e-9
	for _, v := range x[low-1 : low-1+width] {
		energy += float64(v) * float64(v)
	}
	best, at := -1.0, -1
	for lag := low - 1; lag <= high+1; lag++ {
		score := float64(dot(pattern, x[lag:lag+width])) / math.Sqrt(max(energy, 1e-9))
		m.score = append(m.score, score)
		if lag >= low && lag <= high && score > best {
			best, at = score, lag
		}
		gone, come := float64(x[lag]), float64(x[lag+width])
		energy += come*come - gone*gone
	}
	distance := period
	if at >= 0 {
		distance = float64(at)
		i := at - low + 1
		l, c, r := m.score[i-1], m.score[i], m.score[i+1]
		if bend := l - 2*c + r; bend < 0 && c >= l && c >= r {
			distance += 0.5 * (l - r) / bend
		}
		// The comparison began at a whole frame.
		distance += float64(here) - last.at
	}
	last.right = distance
	m.marks = append(m.marks, mark{last.at + distance, distance, distance})
	return true
}

// near is the mark nearest to frame x, if x lies in a voiced sound.
func (m *marker) near(x float64) (at mark, voiced, ok bool) {
	longest := float64(m.tracker.longest * m.tracker.decimation)
	hop := float64(m.tracker.hopFrames())
	for {
		n := len(m.marks)
		switch {
		// The nearest has its neighbors.
		case n >= 2 && m.marks[n-1].at > x && m.marks[n-1].at-x >= math.Abs(x-m.marks[n-2].at):
		// No mark is to come that reaches x.
		case !m.run && (float64(m.next)-0.5)*hop > x+reaches*longest:
		default:
			if !m.advance() {
				return mark{}, false, false
			}
			continue
		}
		break
	}
	best := math.Inf(1)
	for _, near := range slices.Backward(m.marks) {
		d := math.Abs(near.at - x)
		if d > best {
			break
		}
		best, at = d, near
	}
	return at, best <= reaches*max(at.left, at.right), true
}

// forget drops what lies before frame x, but for one mark.
func (m *marker) forget(x float64) {
	drop := 0
	for drop+2 < len(m.marks) && m.marks[drop+1].at < x {
		drop++
	}
	if drop >= 64 {
		m.marks = m.marks[:copy(m.marks, m.marks[drop:])]
	}
	m.tracker.forget(x)
}
