package dsp

import (
	"fmt"
	"io"
	"sync"

	"github.com/lectern/lectern/audio"
)

// Rates that [Resample] converts between, ends included.
const (
	minSampleRate audio.SampleRate = 8000
	maxSampleRate audio.SampleRate = 48000
)

// maxBanks bounds what a Resampler keeps: clients may ask for any rate.
const maxBanks = 32

// Resampler changes sample rates. It keeps the filters of the ratios it has
// seen last (at most 32, 0.5 MB each), so one Resampler serves a whole program.
// It is safe for concurrent use; the streams it makes are not. The zero value
// is ready.
type Resampler struct {
	mu    sync.Mutex
	banks map[ratio]*bank
}

// Resample gives s at the rate to, which differs from the original by noise
// 100 dB below it, up to 80 % of the lower rate's Nyquist frequency, 90 % going
// down in rate; what lies above that frequency is lowered by 90 dB or more.
//
// n frames become exactly round(n*to/from), the first frame of both sounds at
// the same instant. When the rates are equal it returns s itself. A rate
// outside [8000, 48000] is an error of the first Read.
func (r *Resampler) Resample(s audio.Stream, to audio.SampleRate) audio.Stream {
	from := s.SampleRate()
	if from == to {
		return s
	}
	for _, rate := range []audio.SampleRate{from, to} {
		if rate < minSampleRate || rate > maxSampleRate {
			return &broken{to, fmt.Errorf("dsp: cannot resample %v to %v: %v is outside %d to %v",
				from, to, rate, int(minSampleRate), maxSampleRate)}
		}
	}
	b := r.bank(reduce(to, from))
	return &resampling{source: s, to: to, bank: b,
		// Half a filter of silence before the first frame aligns it with
		// the first frame of the result.
		buffer: make([]float32, b.taps/2-1, b.taps+readAhead),
	}
}

// Resample is [Resampler.Resample] with a filter made for this one stream,
// which costs a few milliseconds.
func Resample(s audio.Stream, to audio.SampleRate) audio.Stream {
	return new(Resampler).Resample(s, to)
}

func (r *Resampler) bank(q ratio) *bank {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, ok := r.banks[q]; ok {
		return b
	}
	if r.banks == nil || len(r.banks) == maxBanks {
		r.banks = make(map[ratio]*bank)
	}
	b := newBank(q)
	r.banks[q] = b
	return b
}

// readAhead is how many frames are asked of the source at once.
const readAhead = 1024

type resampling struct {
	source audio.Stream
	to     audio.SampleRate
	bank   *bank

	// buffer holds the source from the first frame that the filter of the
	// next result touches, at, on.
	buffer []float32
	at     int
	// phase, in 1/up of a source frame, is where the next result lies
	// behind a source frame.
	phase int
	taken audio.Frames // frames of the source so far
	given audio.Frames // frames of the result so far
	// end is the length of the result once err is io.EOF.
	end audio.Frames
	err error
}

func (s *resampling) SampleRate() audio.SampleRate { return s.to }

func (s *resampling) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if n := s.filter(p); n > 0 {
			return n, nil
		}
		if s.err != nil {
			return 0, s.err
		}
		s.fill()
	}
}

// filter makes as many frames of the result as the buffer has the source for.
func (s *resampling) filter(p []float32) int {
	if s.err == io.EOF {
		p = p[:min(int64(len(p)), s.end-s.given)]
	}
	b, n := s.bank, 0
	for n < len(p) && s.at+b.taps <= len(s.buffer) {
		p[n] = b.filter(s.buffer[s.at:s.at+b.taps], s.phase)
		n++
		for s.phase += b.down; s.phase >= b.up; s.phase -= b.up {
			s.at++ // once or a few times, which is sooner done than a division
		}
	}
	s.given += int64(n)
	return n
}

// fill brings more of the source into the buffer, or its end.
func (s *resampling) fill() {
	kept := copy(s.buffer, s.buffer[min(s.at, len(s.buffer)):])
	s.at -= len(s.buffer) - kept
	n, err := s.source.Read(s.buffer[kept : kept+readAhead : kept+readAhead])
	s.buffer = s.buffer[:kept+n]
	s.taken += int64(n)
	if err == nil {
		return
	}
	s.err = err
	if err == io.EOF {
		up, down := int64(s.bank.up), int64(s.bank.down)
		s.end = (2*s.taken*up + down) / (2 * down)
		// The last result lies at most half a frame behind the source, its
		// filter reaches half its length further.
		s.buffer = append(s.buffer, make([]float32, s.bank.taps)...)
	}
}

// broken is a stream that fails at once.
type broken struct {
	rate audio.SampleRate
	err  error
}

func (b *broken) SampleRate() audio.SampleRate { return b.rate }

func (b *broken) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	return 0, b.err
}
