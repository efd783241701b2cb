package dsp

import (
	"io"
	"time"

	"github.com/lectern/lectern/audio"
)

// longestUnknownFade bounds the memory of a fade to an end that is not known.
const longestUnknownFade = 20 * time.Second

// fadedInOut raises s from silence over its first in frames and lowers it to
// silence over its last out frames, along raised cosines. A fade that is longer
// than the sound keeps its slope: a fade in does not reach the full level, a
// fade out starts below it, as the media element of SSML wants. Where both
// overlap they multiply.
//
// length is the length of s when it is known, and s is cut there; 0 is an
// unknown length. Then the last frames are held back, and a fade out is at most
// 20 seconds long.
func fadedInOut(s audio.Stream, in, out, length audio.Frames) audio.Stream {
	in, out = max(0, in), max(0, out)
	if length > 0 {
		s = Clip(s, 0, length)
	}
	if in == 0 && out == 0 {
		return s
	}
	if length > 0 {
		return &envelope{source: s, in: in, out: out, known: true, end: length}
	}
	return &envelope{source: s, in: in, out: min(out, s.SampleRate().Frames(longestUnknownFade)), end: -1}
}

type envelope struct {
	source  audio.Stream
	in, out audio.Frames
	known   bool         // the length was known from the start
	end     audio.Frames // the length, or -1 while that is not known
	at      audio.Frames // frames given
	// held are the frames read and not given; they may be the last ones.
	held []float32
	from int
	err  error
}

func (e *envelope) SampleRate() audio.SampleRate { return e.source.SampleRate() }

func (e *envelope) Read(p []float32) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if e.known || e.out == 0 {
		n, err := e.source.Read(p)
		e.shape(p[:n])
		return n, err
	}
	for {
		free := int64(len(e.held) - e.from)
		if e.err != io.EOF {
			free -= e.out
		}
		if free > 0 {
			n := copy(p, e.held[e.from:e.from+int(min(free, int64(len(p))))])
			e.from += n
			e.shape(p[:n])
			return n, nil
		}
		if e.err != nil {
			return 0, e.err
		}
		e.fill()
	}
}

// fill reads more, or the end.
func (e *envelope) fill() {
	if e.from >= max(readAhead, len(e.held)/2) {
		e.held = e.held[:copy(e.held, e.held[e.from:])]
		e.from = 0
	}
	kept := len(e.held)
	e.held = append(e.held, make([]float32, readAhead)...)
	n, err := e.source.Read(e.held[kept:])
	e.held, e.err = e.held[:kept+n], err
	if err == io.EOF {
		e.end = e.at + int64(len(e.held)-e.from)
	}
}

// shape applies the level to the next frames.
func (e *envelope) shape(frames []float32) {
	for i := range frames {
		if e.at < e.in {
			frames[i] *= slope(int(e.at), int(e.in))
		}
		if left := e.end - 1 - e.at; e.end >= 0 && left < e.out {
			frames[i] *= slope(int(left), int(e.out))
		}
		e.at++
	}
}
