// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime/cgo"
	"unsafe"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// reading is one utterance on its way from the library to the sink.
type reading struct {
	ctx    context.Context
	sink   driver.Sink
	text   string // fit for the library, of the same characters as the source
	places places
	heard  int64 // frames
	word   driver.Event
	within bool  // whether word was begun and not told
	err    error // why the reading stops early
}

func newReading(ctx context.Context, text string, sink driver.Sink) *reading {
	clean, places := prepare(text)
	return &reading{ctx: ctx, sink: sink, text: clean, places: places}
}

// lecternEspeakAudio takes sound and events from the library and returns
// whether it shall stop.
//
//export lecternEspeakAudio
func lecternEspeakAudio(handle C.uintptr_t, samples *C.short, n C.int, events *C.espeak_EVENT) C.int {
	r := cgo.Handle(handle).Value().(*reading)
	for e := events; e != nil && e._type != C.espeakEVENT_LIST_TERMINATED; e = (*C.espeak_EVENT)(unsafe.Add(unsafe.Pointer(e), unsafe.Sizeof(*e))) {
		switch e._type {
		case C.espeakEVENT_WORD:
			r.begin(int(e.text_position), int(e.length), int64(e.sample))
		case C.espeakEVENT_END:
			r.tell(int64(e.sample), r.places.offset(int(e.text_position)))
		}
	}
	if n > 0 {
		r.take(unsafe.Slice((*int16)(unsafe.Pointer(samples)), int(n)))
	}
	if r.err != nil {
		return 1
	}
	return 0
}

// take gives sound to the sink.
func (r *reading) take(frames []int16) {
	if r.err == nil && r.ctx.Err() != nil {
		r.err = context.Cause(r.ctx)
	}
	if r.err == nil {
		r.err = r.sink.Audio(frames)
		r.heard += int64(len(frames))
	}
}

// begin notes that a word begins at a frame. The library speaks of words of its
// own, several for "123": those that lie in the last word's place belong to it.
func (r *reading) begin(position, length int, at int64) {
	token, ok := r.places.token(position, length)
	if !ok || r.within && token.Start < r.word.Token.End {
		return
	}
	last := r.word
	r.tell(at, token.Start)
	if token.Start < last.Token.End {
		return // it goes back, or on within a word that is over
	}
	r.word = driver.Event{Token: token, StartFrame: max(at, last.StartFrame)}
	r.within = true
}

// tell gives the word that ends at a frame to the sink, together with the words
// behind it that end before the byte upTo: the library takes some common pairs,
// such as "from the", for one word. They share the time by their length.
func (r *reading) tell(end int64, upTo int) {
	if !r.within {
		return
	}
	r.within = false
	tokens := append([]speech.Token{r.word.Token}, words(r.places.source, r.word.Token.End, upTo)...)
	letters := 0
	for _, t := range tokens {
		letters += t.End - t.Start
	}
	left := max(end, r.word.StartFrame) - r.word.StartFrame
	for _, t := range tokens {
		length := t.End - t.Start
		share := left * int64(length) / int64(letters)
		left, letters = left-share, letters-length
		r.word.Token, r.word.EndFrame = t, r.word.StartFrame+share
		if r.err == nil {
			r.err = r.sink.Event(r.word)
		}
		r.word.StartFrame = r.word.EndFrame
	}
}

// end tells the last word.
func (r *reading) end() error {
	r.word.StartFrame = min(r.word.StartFrame, r.heard)
	r.tell(r.heard, r.word.Token.End)
	return r.err
}

// places are the byte offsets of a text's characters, and after them its length.
type places struct {
	source  string
	offsets []int32
}

// offset is the byte at which a character, counted from 1, begins.
func (p places) offset(position int) int {
	return int(p.offsets[min(max(position-1, 0), len(p.offsets)-1)])
}

// token is the place of a word that the library counts in characters from 1;
// white space around it is left out, and nothing may be left.
func (p places) token(position, length int) (speech.Token, bool) {
	last := len(p.offsets) - 1
	first := position - 1
	if first < 0 || first >= last {
		return speech.Token{}, false
	}
	if length <= 0 {
		length = 1
	}
	t := speech.Token{Start: int(p.offsets[first]), End: int(p.offsets[min(first+length, last)])}
	return trim(p.source, t)
}
