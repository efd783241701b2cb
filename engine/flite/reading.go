package flite

// #include "bridge.h"
import "C"

import (
	"context"
	"math"
	"runtime/cgo"
	"strings"
	"unsafe"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// reading is one utterance on its way from flite to the sink.
type reading struct {
	ctx   context.Context
	sink  driver.Sink
	piece folded
	first int64 // frames before the piece
	heard int64 // frames in all
	asked bool  // whether flite was asked for the piece's tokens
	// coming are the piece's events whose words were not heard to their end.
	coming []driver.Event
	told   int   // the end of the last event's token, in bytes
	err    error // why the reading stops early
}

func (r *reading) begin(piece folded) error {
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	r.piece, r.first, r.asked = piece, r.heard, false
	return nil
}

// lecternFliteAudio takes sound from the library and says whether to go on.
//
//export lecternFliteAudio
func lecternFliteAudio(handle C.uintptr_t, utterance, samples unsafe.Pointer, n C.int) C.int {
	r := cgo.Handle(handle).Value().(*reading)
	if !r.asked {
		r.asked = true
		r.listen((*C.cst_utterance)(utterance))
	}
	if n > 0 {
		r.take(unsafe.Slice((*int16)(samples), int(n)))
	}
	if r.err != nil {
		return 0
	}
	return 1
}

// take gives sound to the sink, and the events of the words it completes.
func (r *reading) take(frames []int16) {
	if r.err == nil && r.ctx.Err() != nil {
		r.err = context.Cause(r.ctx)
	}
	if r.err != nil {
		return
	}
	if r.err = r.sink.Audio(frames); r.err != nil {
		return
	}
	r.heard += int64(len(frames))
	for len(r.coming) > 0 && r.coming[0].EndFrame <= r.heard {
		r.tell()
	}
}

// tell gives the next event to the sink.
func (r *reading) tell() {
	e := r.coming[0]
	r.coming = r.coming[1:]
	if r.err == nil {
		e.StartFrame, e.EndFrame = min(e.StartFrame, r.heard), min(e.EndFrame, r.heard)
		r.err = r.sink.Event(e)
	}
}

// end tells what is left of the piece's events.
func (r *reading) end() error {
	for len(r.coming) > 0 {
		r.tell()
	}
	return r.err
}

// listen finds the piece's words. flite's own text positions are not exact, so
// its tokens are looked up one after the other.
func (r *reading) listen(utterance *C.cst_utterance) {
	tokens := make([]C.lectern_token, len(r.piece.ascii)/2+1)
	tokens = tokens[:C.lectern_tokens(utterance, &tokens[0], C.int(len(tokens)))]
	at, last := 0, r.first
	for _, t := range tokens {
		name := C.GoString(t.name)
		i := strings.Index(r.piece.ascii[at:], name)
		if i < 0 || name == "" {
			continue
		}
		start := at + i
		at = start + len(name)
		if t.end <= 0 {
			continue
		}
		// A word of no syllables has no start of its own.
		token := r.piece.token(start, at)
		if token.Start < r.told {
			// More words of what one token is pronounced as.
			if n := len(r.coming); n > 0 {
				r.coming[n-1].EndFrame = max(r.first+frame(t.end), r.coming[n-1].EndFrame)
				last = r.coming[n-1].EndFrame
			}
			continue
		}
		r.told = token.End
		e := driver.Event{Token: token, StartFrame: max(r.first+frame(t.start), last)}
		e.EndFrame = max(r.first+frame(t.end), e.StartFrame)
		last = e.EndFrame
		r.coming = append(r.coming, e)
	}
}

func frame(seconds C.float) int64 { return int64(math.Round(max(0, float64(seconds)) * sampleRate)) }

// token is where the ASCII bytes from start to end came from.
func (f folded) token(start, end int) speech.Token {
	return speech.Token{Start: f.origin[start].Start, End: f.origin[end-1].End}
}
