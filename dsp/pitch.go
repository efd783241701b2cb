package dsp

import "math"

// The fundamental frequencies of speech that are looked for, in hertz.
const (
	lowestPitch  = 55.0
	highestPitch = 500.0
)

// The tracker follows RAPT (Talkin, A Robust Algorithm for Pitch Tracking,
// 1995): candidates by normalized cross-correlation, then the cheapest path
// through them. It works at about 4 kHz, below 1 kHz, which is enough for the
// fundamental and saves all but a few percent of the work.
const (
	trackerRate  = 4000.0
	trackerHop   = 0.005 // seconds between looks
	trackerSpan  = 0.015 // seconds that are compared with each other
	trackerDelay = 2     // looks ahead before a decision
	candidates   = 5     // at a look, the unvoiced one included

	// weakest is the correlation that makes a candidate.
	weakest = 0.3
	// voicing is the correlation at which voiced and unvoiced cost the same.
	voicing = 0.5
	// lagBias favors short periods, whose multiples correlate as well.
	lagBias = 0.3
	// turnCost is for a change between voiced and unvoiced, leapCost for one
	// of an octave, over and above what the rest of the way costs.
	turnCost = 0.1
	leapCost = 0.35
	// A sound is dull when this part of its power or more lies in the tracker's
	// band, as that of voices does. Of others, such as the s, the little that
	// lies there may seem to have a pitch by chance, so that it costs more.
	dull       = 0.2
	brightCost = 0.5
	// quietest is the mean square that can be voiced, -66 dB.
	quietest = 2.5e-7
)

// look is the tracker's view of one instant.
type look struct {
	period [candidates]float64 // in frames; 0 is unvoiced
	cost   [candidates]float64 // of the cheapest path that ends here
	before [candidates]int     // where that path comes from
	n      int
}

// tracker finds the period of a sound at looks that are hop frames apart, the
// first at frame 0.
type tracker struct {
	sound *history
	// decimation is by how much the rate is lowered, by the filter.
	decimation int
	filter     []float32

	low     []float32 // the lowered sound
	lowBase int
	mean    float32 // follows what lies below speech
	// energy and whole are sums of the squares up to each lowered frame, of the
	// lowered sound and of the sound itself.
	energy, whole []float64

	hop, span         int // in lowered frames
	shortest, longest int
	correlation       []float64

	looks   [trackerDelay + 1]look // a ring
	looked  int
	periods []float64 // the decisions, from look number decided on
	decided int
}

func newTracker(sound *history, rate float64) *tracker {
	d := max(1, int(math.Round(rate/trackerRate)))
	low := rate / float64(d)
	t := &tracker{sound: sound, decimation: d, filter: lowpass(d),
		hop: int(math.Round(trackerHop * low)), span: int(math.Round(trackerSpan * low)),
		shortest: int(low / highestPitch), longest: int(math.Ceil(low / lowestPitch)),
	}
	before := (t.span+t.longest)/2 + 2
	t.low, t.lowBase = make([]float32, before), -before
	t.energy, t.whole = make([]float64, before+1), make([]float64, before+1)
	t.correlation = make([]float64, t.longest+2)
	return t
}

// lowpass is a filter that passes a quarter of the band of a rate lowered by d.
func lowpass(d int) []float32 {
	half := 4 * d
	taps := make([]float64, 2*half+1)
	sum := 0.0
	for i := range taps {
		x := float64(i - half)
		taps[i] = 0.5 + 0.5*math.Cos(math.Pi*x/float64(half+1))
		if x != 0 {
			w := math.Pi * x / float64(2*d)
			taps[i] *= math.Sin(w) / w
		}
		sum += taps[i]
	}
	out := make([]float32, len(taps))
	for i, c := range taps {
		out[i] = float32(c / sum)
	}
	return out
}

// hopFrames is how many frames of the sound lie between looks.
func (t *tracker) hopFrames() int { return t.hop * t.decimation }

// at is the period at frame x, 0 where the sound is unvoiced. The sound fails
// if ok is false.
func (t *tracker) at(x float64) (period float64, ok bool) {
	number := int(math.Round(x / float64(t.hopFrames())))
	for t.decided+len(t.periods) <= number {
		if !t.look() {
			return 0, false
		}
	}
	return t.periods[max(0, number-t.decided)], true
}

// forget drops the decisions before frame x.
func (t *tracker) forget(x float64) {
	drop := int(x/float64(t.hopFrames())) - 1 - t.decided
	if drop >= 256 {
		t.periods = t.periods[:copy(t.periods, t.periods[drop:])]
		t.decided += drop
	}
}

// look looks once more and decides what was trackerDelay looks ago.
func (t *tracker) look() bool {
	center := t.looked * t.hop
	if !t.lower(center + (t.span+t.longest)/2 + 2) {
		return false
	}
	now := &t.looks[t.looked%len(t.looks)]
	t.candidates(center, now)
	t.connect(now)
	t.looked++
	if t.looked > trackerDelay {
		t.periods = append(t.periods, t.oldest())
	}
	return true
}

// lower extends the lowered sound up to frame to of it.
func (t *tracker) lower(to int) bool {
	half := len(t.filter) / 2
	for t.lowBase+len(t.low) < to {
		at := (t.lowBase + len(t.low)) * t.decimation
		if !t.sound.reach(at + half + t.decimation) {
			return false
		}
		x := t.sound.from(at - half)
		v := dot(t.filter, x[:len(t.filter)])
		t.mean += (v - t.mean) / 16 // 40 Hz at 4 kHz
		v -= t.mean
		t.low = append(t.low, v)
		t.energy = append(t.energy, t.energy[len(t.energy)-1]+float64(v*v))
		here := x[half : half+t.decimation]
		t.whole = append(t.whole, t.whole[len(t.whole)-1]+float64(dot(here, here))/float64(t.decimation))
	}
	if need := to - 4*(t.span+t.longest); need-t.lowBase > 4096 {
		drop := need - t.lowBase
		t.low = t.low[:copy(t.low, t.low[drop:])]
		t.energy, t.whole = shifted(t.energy, drop), shifted(t.whole, drop)
		t.lowBase = need
	}
	return true
}

// shifted is sums without the first drop of them, and less by what they summed,
// so that they stay small and exact.
func shifted(sums []float64, drop int) []float64 {
	first := sums[drop]
	sums = sums[:copy(sums, sums[drop:])]
	for i := range sums {
		sums[i] -= first
	}
	return sums
}

// candidates fills in the periods that the sound may have around lowered frame
// center, and what each costs by itself.
func (t *tracker) candidates(center int, now *look) {
	*now = look{n: 1}
	scores := t.correlation
	best := 0.0
	for lag := t.shortest - 1; lag <= t.longest+1; lag++ {
		i := center - (t.span+lag)/2 - t.lowBase
		a, b := t.low[i:i+t.span], t.low[i+lag:i+lag+t.span]
		ea, eb := t.energy[i+t.span]-t.energy[i], t.energy[i+lag+t.span]-t.energy[i+lag]
		if quiet := quietest * float64(t.span); ea < quiet || eb < quiet {
			scores[lag] = 0
			continue
		}
		scores[lag] = float64(dot(a, b)) / math.Sqrt(ea*eb)
		if lag >= t.shortest && lag <= t.longest {
			best = max(best, scores[lag])
		}
	}
	now.cost[0] = best - voicing
	bright := 0.0
	i := center - t.span/2 - t.lowBase
	if t.energy[i+t.span]-t.energy[i] < dull*(t.whole[i+t.span]-t.whole[i]) {
		bright = brightCost
	}
	for lag := t.shortest; lag <= t.longest; lag++ {
		l, m, r := scores[lag-1], scores[lag], scores[lag+1]
		if m < weakest || m < l || m <= r {
			continue
		}
		bend := l - 2*m + r
		offset, peak := 0.0, m
		if bend < 0 {
			offset = 0.5 * (l - r) / bend
			peak = m - 0.25*(l-r)*offset
		}
		exact := float64(lag) + offset
		cost := bright + voicing - peak*(1-lagBias*exact/float64(t.longest))
		t.insert(now, exact*float64(t.decimation), cost)
	}
}

// insert keeps the cheapest candidates.
func (t *tracker) insert(now *look, period, cost float64) {
	i := now.n
	if i == candidates {
		i = 1
		for j := 2; j < candidates; j++ {
			if now.cost[j] > now.cost[i] {
				i = j
			}
		}
		if now.cost[i] <= cost {
			return
		}
	} else {
		now.n++
	}
	now.period[i], now.cost[i] = period, cost
}

// connect finds the cheapest way to each candidate from the look before.
func (t *tracker) connect(now *look) {
	if t.looked == 0 {
		return
	}
	last := &t.looks[(t.looked-1)%len(t.looks)]
	lowest := math.Inf(1)
	for i := range now.n {
		cheapest := math.Inf(1)
		for j := range last.n {
			if c := last.cost[j] + step(last.period[j], now.period[i]); c < cheapest {
				cheapest, now.before[i] = c, j
			}
		}
		now.cost[i] += cheapest
		lowest = min(lowest, now.cost[i])
	}
	for i := range now.n {
		now.cost[i] -= lowest // only differences matter
	}
}

// step is what it costs to come from period a to period b.
func step(a, b float64) float64 {
	if a == 0 && b == 0 {
		return 0
	}
	if a == 0 || b == 0 {
		return turnCost
	}
	way := math.Abs(math.Log(a / b))
	return min(way, leapCost+math.Abs(way-math.Ln2))
}

// oldest is the period at the oldest look of the ring, on the cheapest path to
// the newest.
func (t *tracker) oldest() float64 {
	newest := t.looked - 1
	now := &t.looks[newest%len(t.looks)]
	at := 0
	for i := 1; i < now.n; i++ {
		if now.cost[i] < now.cost[at] {
			at = i
		}
	}
	for number := newest; number > newest-trackerDelay; number-- {
		at = t.looks[number%len(t.looks)].before[at]
	}
	return t.looks[(newest-trackerDelay)%len(t.looks)].period[at]
}
