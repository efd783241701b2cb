package dsp

import (
	"fmt"
	"io"
	"math"

	"github.com/lectern/lectern/audio"
)

// What [Prosody] takes, ends included.
const (
	minRate      = 0.25
	maxRate      = 4.0
	maxSemitones = 20.0
)

// Prosody speaks s faster by the factor rate and higher by semitones, and
// keeps the formants, so that the voice stays the same. It is meant for the
// speech of one voice; for any sound there is [Speed].
//
// n frames become exactly round(n/rate), and what was heard at frame x is
// heard at x/rate, within half a period of the voice (5 ms where there is
// none). Sound without a pitch keeps its spectrum; where rate is 1 it passes
// unchanged. Rate 1 and no semitones return s itself. The loudness stays, but
// peaks may grow: limit afterwards. It reads ahead by two periods of the voice and
// 30 ms, about 50 ms in all and 75 at most, and then takes 256 frames at once.
//
// A rate outside [0.25, 4], or more than 20 semitones up or down, is
// an error of the first Read.
//
// It works by TD-PSOLA (Moulines and Charpentier, Pitch-synchronous waveform
// processing techniques, 1990): the voice's single periods, each under a window
// of two, are set anew at the distances that are wanted.
func Prosody(s audio.Stream, rate, semitones float64) audio.Stream {
	if !(rate >= minRate && rate <= maxRate) || !(math.Abs(semitones) <= maxSemitones) {
		return &broken{s.SampleRate(), fmt.Errorf("dsp: cannot speak at rate %v and %+v semitones: outside %v to %v, or beyond %v",
			rate, semitones, minRate, maxRate, maxSemitones)}
	}
	if rate == 1 && semitones == 0 {
		return s
	}
	hertz := float64(s.SampleRate())
	longest := math.Ceil(hertz / lowestPitch * (1 + stray))
	sound := newHistory(s, 5*int(longest))
	return &prosody{
		sampleRate: s.SampleRate(), rate: rate, raise: math.Pow(2, semitones/12),
		sound: sound, marker: newMarker(sound, hertz), cutter: newCutter(),
		longest: longest, hop: math.Round(unvoicedHop * hertz), leeway: unvoicedLeeway * hertz,
	}
}

// Grains without a pitch, in seconds: their distance, and how far they may be
// from where they belong so that they can go on where the last one came to.
const (
	unvoicedHop    = 0.006
	unvoicedLeeway = 0.005
	// verySlow is the rate up to which every second piece plays backwards, for
	// the same one would be heard three times and more.
	verySlow = 0.4
)

// widest is how much longer than the period before it a window's half may be.
const widest = 1.25

// levelPace is how much of the way to its own level each voiced grain goes.
const levelPace = 0.3

type prosody struct {
	sampleRate  audio.SampleRate
	rate, raise float64
	sound       *history
	marker      *marker
	cutter      *cutter
	longest     float64 // period, in frames
	hop, leeway float64

	last  grain
	begun bool
	jumps uint32
	// mix is done up to frame ready.
	mix   overlap
	ready int
	err   error
}

func (p *prosody) SampleRate() audio.SampleRate { return p.sampleRate }

func (p *prosody) Read(to []float32) (int, error) {
	if len(to) == 0 {
		return 0, nil
	}
	for {
		ready := p.ready
		if p.sound.err == io.EOF {
			end := int(math.Round(float64(p.sound.length) / p.rate))
			if p.mix.given >= end {
				return 0, io.EOF
			}
			ready = min(ready, end)
		}
		if n := p.mix.give(to, ready); n > 0 {
			return n, nil
		}
		if p.err != nil {
			return 0, p.err
		}
		p.step()
	}
}

// step sets one grain.
func (p *prosody) step() {
	next, ok := p.next()
	if ok && !p.begun {
		// What would lie before the first frame is not heard.
		p.begun, p.last = true, next
		p.last.to--
	}
	if !ok || !p.sound.reach(p.reach(next)) {
		p.err = p.sound.err
		return
	}
	p.join(p.last, next)
	p.last = next
	p.ready = int(p.untouched(next))
	at := min(next.from, next.to*p.rate)
	p.marker.forget(at - p.longest)
	p.sound.forget(int(at - 4*p.longest))
}

// untouched is the place up to which no grain behind last will be heard.
func (p *prosody) untouched(last grain) float64 {
	if !last.voiced || p.raise == 1 {
		return last.to
	}
	return last.to + min(0, last.right/p.raise-widest*last.right)
}

// next is the grain that follows the last.
func (p *prosody) next() (grain, bool) {
	to := 0.0
	switch {
	case !p.begun:
	case p.last.voiced:
		to = p.last.to + p.last.right/p.raise
	default:
		to = p.last.to + p.hop
	}
	m, voiced, ok := p.marker.near(to * p.rate)
	if !ok {
		return grain{}, false
	}
	if !voiced {
		return p.unvoiced(math.Round(to)), true
	}
	if p.begun && !p.last.voiced {
		// The voice starts where it belongs.
		if exact := m.at / p.rate; exact > p.last.to+p.hop/4 {
			to = exact
		}
	}
	return p.voiced(m, to), true
}

// voiced is the grain of a mark.
func (p *prosody) voiced(m mark, to float64) grain {
	g := grain{from: m.at, to: to, level: 1, voiced: true, left: m.left, right: m.right}
	if p.raise == 1 {
		return g
	}
	g.level = p.cutter.evenLevel(p.sound, g, g.right/p.raise)
	if p.last.voiced {
		g.level = p.last.level + levelPace*(g.level-p.last.level)
	}
	return g
}

// unvoiced is a grain without a pitch. It goes on where the last one came to
// as long as it may; then it jumps ahead or back by a changing distance, for
// jumps of one length would be heard as a tone.
func (p *prosody) unvoiced(to float64) grain {
	belongs := math.Round(to * p.rate)
	if p.begun && !p.last.voiced {
		way := to - p.last.to
		if p.last.turned {
			way = -way
		}
		if from := p.last.from + way; math.Abs(from-belongs) <= p.leeway {
			return grain{from: from, to: to, level: 1, turned: p.last.turned}
		}
	}
	g := grain{from: belongs, to: to, level: 1}
	if p.rate == 1 || !p.begun {
		return g
	}
	p.jumps++
	// The lowest byte of a mixed counter: the same distances every time.
	h := p.jumps * 0x9e3779b1
	h = (h ^ h>>16) * 0x85ebca6b
	part := float64((h^h>>13)&0xff) / 255
	far := math.Floor(p.leeway * part)
	switch {
	case p.rate > 1:
		g.from += far
	case p.rate > verySlow || p.jumps%2 == 0:
		g.from -= far
	default:
		g.from += far
		g.turned = true
	}
	return g
}

// reach is the frame up to which the sound is needed to join next to the last.
func (p *prosody) reach(next grain) int {
	way := next.to - p.last.to
	end := max(next.from, p.last.from+max(way, p.last.right))
	if next.turned {
		end = max(end, next.from+way)
	}
	return int(end) + 2*readTaps
}

// join sets the halves of a and b that lie between them.
func (p *prosody) join(a, b grain) {
	shape := &p.cutter.slow
	if a.voiced && b.voiced || b.continues(a) {
		shape = &p.cutter.hann
	}
	// Halves of the same width as their distance add up to the sound. A pitch
	// that is changed needs windows of two periods.
	right, left := b.to-a.to, b.to-a.to
	if a.voiced && b.voiced && p.raise != 1 {
		right, left = a.right, min(b.left, widest*a.right)
	}
	p.cutter.cut(p.sound, a, after, right, shape, &p.mix)
	p.cutter.cut(p.sound, b, before, left, shape, &p.mix)
}
