package dsp

import (
	"fmt"
	"io"
	"math"

	"github.com/lectern/lectern/audio"
)

// What [Speed] takes, ends included.
const (
	minSpeed = 0.5
	maxSpeed = 2.0
)

// Speed plays any sound, be it speech, music or noise, faster by factor at the
// same pitch. n frames become exactly round(n/factor), and what was heard at
// frame x is heard at x/factor, within 25 ms. A factor of 1 returns s itself;
// one outside [0.5, 2] is an error of the first Read. It reads
// ahead by 50 ms.
//
// It works by WSOLA (Verhelst and Roelands, An overlap-add technique based on
// waveform similarity, 1993): pieces of 30 ms cross fade, each taken where it
// is most like the continuation of the one before. Unlike [Prosody] it needs no
// single voice with a pitch.
func Speed(s audio.Stream, factor float64) audio.Stream {
	if !(factor >= minSpeed && factor <= maxSpeed) {
		return &broken{s.SampleRate(), fmt.Errorf("dsp: cannot play at speed %v: outside %v to %v", factor, minSpeed, maxSpeed)}
	}
	if factor == 1 {
		return s
	}
	hertz := float64(s.SampleRate())
	p := &speed{
		sampleRate: s.SampleRate(), factor: factor,
		hop: coarse * int(math.Round(speedHop*hertz/coarse)), reach: coarse * int(math.Round(speedReach*hertz/coarse)),
	}
	p.sound = newHistory(s, p.hop+p.reach)
	p.rise = make([]float32, p.hop)
	for i := range p.rise {
		p.rise[i] = slope(i, p.hop)
	}
	p.mix = make([]float32, p.hop)
	p.coarsePattern, p.coarseField = make([]float32, p.hop/coarse), make([]float32, (p.hop+2*p.reach)/coarse)
	return p
}

const (
	speedHop   = 0.015 // seconds over which two pieces cross fade
	speedReach = 0.010 // seconds a piece may be from where it belongs
	// coarse is how many frames are taken as one in the first search.
	coarse = 4
)

type speed struct {
	sampleRate audio.SampleRate
	factor     float64
	sound      *history
	hop, reach int
	rise       []float32

	pieces int // cross fades done
	last   int // where the last piece goes on in the source
	// mix is one cross fade, given up to frame at; given counts all frames.
	mix       []float32
	at, given int
	begun     bool
	err       error

	coarsePattern, coarseField []float32
}

func (s *speed) SampleRate() audio.SampleRate { return s.sampleRate }

func (s *speed) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if s.err != nil {
		return 0, s.err
	}
	if !s.begun || s.at == len(s.mix) {
		if !s.piece() {
			s.err = s.sound.err
			return 0, s.err
		}
	}
	n := min(len(p), len(s.mix)-s.at)
	if s.sound.err == io.EOF {
		n = min(n, int(math.Round(float64(s.sound.length)/s.factor))-s.given)
		if n <= 0 {
			s.err = io.EOF
			return 0, s.err
		}
	}
	copy(p[:n], s.mix[s.at:])
	s.at += n
	s.given += n
	return n, nil
}

// piece makes the next cross fade.
func (s *speed) piece() bool {
	ideal := int(math.Round(float64(s.pieces*s.hop) * s.factor))
	if !s.sound.reach(max(ideal, s.last) + 2*s.hop + s.reach) {
		return false
	}
	s.at = 0
	s.pieces++
	if !s.begun {
		s.begun = true
		copy(s.mix, s.sound.from(0))
		s.last = s.hop
		return true
	}
	next := s.mostLike(s.last, ideal)
	old, fresh := s.sound.from(s.last), s.sound.from(next)
	for i, r := range s.rise {
		s.mix[i] = old[i] + r*(fresh[i]-old[i])
	}
	s.last = next + s.hop
	s.sound.forget(min(s.last, int(float64(s.pieces*s.hop)*s.factor)) - s.reach - s.hop)
	return true
}

// mostLike is the frame within reach of ideal from which on the sound is most
// like that from frame pattern on.
func (s *speed) mostLike(pattern, ideal int) int {
	first := ideal - s.reach
	x, field := s.sound.from(pattern)[:s.hop], s.sound.from(first)[:s.hop+2*s.reach]
	lower(s.coarsePattern, x)
	lower(s.coarseField, field)
	at := best(s.coarsePattern, s.coarseField, 0, len(s.coarseField)-len(s.coarsePattern), s.reach/coarse)
	at = best(x, field, max(0, at*coarse-coarse), min(2*s.reach, at*coarse+coarse), s.reach)
	return first + at
}

// lower makes the mean of coarse frames of x one of to.
func lower(to, x []float32) {
	for i := range to {
		sum := float32(0)
		for _, v := range x[i*coarse : (i+1)*coarse] {
			sum += v
		}
		to[i] = sum / coarse
	}
}

// best finds, from low to high, where field is most like pattern, by normalized
// correlation; when nothing is like it, that is middle.
func best(pattern, field []float32, low, high, middle int) (at int) {
	at, score := max(low, min(high, middle)), 0.0
	n := len(pattern)
	energy := float64(dot(field[low:low+n], field[low:low+n]))
	for lag := low; lag <= high; lag++ {
		if c := float64(dot(pattern, field[lag:lag+n])) / math.Sqrt(max(energy, 1e-9)); c > score {
			at, score = lag, c
		}
		if lag < high {
			gone, come := float64(field[lag]), float64(field[lag+n])
			energy += come*come - gone*gone
		}
	}
	return at
}
