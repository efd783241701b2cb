package dsp

import (
	"io"
	"slices"

	"github.com/lectern/lectern/audio"
)

// history is the part of a source that is still looked at, addressed by frames
// counted from the source's first. Before the first frame and behind the last
// there is silence.
type history struct {
	source audio.Stream
	frames []float32
	base   int // what frames[0] is counted as
	// length is how many frames the source had, once err is io.EOF.
	length int
	err    error
}

// newHistory begins with before frames of silence.
func newHistory(s audio.Stream, before int) *history {
	return &history{source: s, frames: make([]float32, before, before+4*readAhead), base: -before}
}

// end is the frame behind the last one that can be looked at.
func (h *history) end() int { return h.base + len(h.frames) }

// reach reads until frame to-1 is there, and reports whether it is. It is not
// when the source failed; behind a good end silence goes on for ever.
func (h *history) reach(to int) bool {
	for h.end() < to {
		switch h.err {
		case nil:
			h.read()
		case io.EOF:
			h.frames = append(h.frames, make([]float32, to-h.end())...)
		default:
			return false
		}
	}
	return true
}

// historyRead is how many frames are read at once: few, since what is read ahead
// is heard later.
const historyRead = 256

func (h *history) read() {
	kept := len(h.frames)
	h.frames = slices.Grow(h.frames, historyRead)[:kept+historyRead]
	n, err := h.source.Read(h.frames[kept:])
	h.frames = h.frames[:kept+n]
	if err != nil {
		h.err, h.length = err, h.end()
	}
}

// from is what there is from frame at on. It must not lie before what was
// forgotten.
func (h *history) from(at int) []float32 { return h.frames[at-h.base:] }

// forget drops the frames before frame at, when there are many of them.
func (h *history) forget(at int) {
	if drop := min(at-h.base, len(h.frames)); drop >= 2*readAhead {
		h.frames = h.frames[:copy(h.frames, h.frames[drop:])]
		h.base += drop
	}
}
