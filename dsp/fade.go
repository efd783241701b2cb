package dsp

import (
	"io"
	"math"
	"time"

	"github.com/lectern/lectern/audio"
)

// faded raises the first d of s from silence and lowers the last d to silence
// along a raised cosine, so that a joint does not click; 5 ms is enough. It
// reads ahead by 2 d and keeps the length; a sound shorter than 2 d is faded
// over half its length at each end. d of 0 or less returns s itself.
func faded(s audio.Stream, d time.Duration) audio.Stream {
	n := int(s.SampleRate().Frames(d))
	if n <= 0 {
		return s
	}
	return &fade{source: s, length: n, buffer: make([]float32, 0, 2*n+readAhead)}
}

type fade struct {
	source audio.Stream
	length int
	// buffer holds what was read and not given. Unless err is set its last
	// length frames may be the last of all and stay.
	buffer  []float32
	at      int
	started bool
	err     error
}

func (f *fade) SampleRate() audio.SampleRate { return f.source.SampleRate() }

func (f *fade) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if free := f.free(); free > 0 {
			n := copy(p, f.buffer[f.at:f.at+free])
			f.at += n
			return n, nil
		}
		if f.err != nil {
			return 0, f.err
		}
		f.fill()
	}
}

// free is how many frames of the buffer may be given.
func (f *fade) free() int {
	switch {
	case f.err == io.EOF:
		return len(f.buffer) - f.at
	case !f.started:
		return 0
	}
	return len(f.buffer) - f.at - f.length
}

func (f *fade) fill() {
	kept := copy(f.buffer, f.buffer[f.at:])
	f.at = 0
	n, err := f.source.Read(f.buffer[kept : kept+readAhead])
	f.buffer, f.err = f.buffer[:kept+n], err
	in := f.length
	if err == io.EOF {
		out := f.length
		if !f.started {
			in = min(in, len(f.buffer)/2)
			out = in
		}
		for i := range out {
			f.buffer[len(f.buffer)-1-i] *= slope(i, out)
		}
	}
	if !f.started && (len(f.buffer) >= 2*f.length || err == io.EOF) {
		f.started = true
		for i := range in {
			f.buffer[i] *= slope(i, in)
		}
	}
}

// slope is the factor for frame i of n from silence.
func slope(i, n int) float32 {
	return float32(0.5 - 0.5*math.Cos(math.Pi*(float64(i)+0.5)/float64(n)))
}
